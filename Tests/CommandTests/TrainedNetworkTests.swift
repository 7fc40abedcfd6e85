import BuiltProgram
import Foundation
import TemporaryFolders
import Testing

/// `propagate` on networks whose weights are in files.
struct TrainedNetworkTests {
    private static let trained: Result<TemporaryFolder, any Error> = Result {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(SmallTraining.short, in: folder)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        return folder
    }

    private func measured(_ words: [String], in folder: TemporaryFolder) throws -> JSON {
        let outcome = try Program.run(
            words + ["--batch", "8", "--threads", "1", "--json", "-"], in: folder)
        #expect(outcome.exitCode == 0, "\(words): \(outcome.errors)")
        return try JSON(parsing: outcome.output)
    }

    @Test("A run, its last checkpoint and that one's weights are measured alike, however they are named")
    func names() throws {
        let folder = try Self.trained.get()
        let report = try measured(["r"], in: folder)
        let last = "r/checkpoints/iteration-00000004"
        let manifest = report["manifest"]
        #expect(manifest?["weights"] == .object(["path": .string(last), "iteration": .number(4)]))
        let configuration = manifest?["configuration"]
        for (name, value) in ["weights": last, "depth": "8", "data": "digits8", "image-size": "8"] {
            #expect(configuration?[name]?.string == value)
        }
        // How the run was trained is no option of a measurement.
        #expect(configuration?["recipe"] == nil && configuration?["batch"]?.string == "8")
        #expect(report["network"]?["units"]?.number == 3)
        let theory = try #require(report["theory"]?.elements)
        #expect(theory.count == 4 && theory.allSatisfy { $0["outcome"]?.string == "cannot say" })
        for words in [
            ["analyze", "r"], ["--weights", "r"], [last],
            ["--probe", "stages", "\(last)/weights.safetensors"],
        ] {
            #expect(try measured(words, in: folder)["units"] == report["units"], "\(words)")
        }
        let earlier = try measured(["r/checkpoints/iteration-00000002"], in: folder)
        #expect(earlier["manifest"]?["weights"]?["iteration"]?.number == 2)
        #expect(earlier["units"] != report["units"])
    }

    @Test("What is typed wins over what the run says, and a report repeats its run")
    func words() throws {
        let folder = try Self.trained.get()
        let report = try measured(
            ["r", "--shortcut", "scale0.5", "--seed", "3", "--precision", "double"], in: folder)
        #expect(report["network"]?["shortcut"]?.string == "scale0.5")
        try folder.write(
            Program.run(
                "r", "--shortcut", "scale0.5", "--seed", "3", "--precision", "double", "--batch", "8",
                "--threads", "1", "--json", "-", in: folder
            ).output, to: "a.json")
        let again = try measured(["--configuration", "a.json"], in: folder)
        #expect(again["units"] == report["units"])
        let printed = try Program.run("r", "--seed", "3", "--print-configuration", in: folder)
        try folder.write(printed.output, to: "c.yaml")
        #expect(
            try measured(["--configuration", "c.yaml"], in: folder)["units"]
                == measured(["r", "--seed", "3"], in: folder)["units"])
        let noise = try measured(["r", "--data", "noise", "--image-size", "16"], in: folder)
        #expect(noise["network"]?["stages"]?.elements?[0]["height"]?.number == 16)
    }

    @Test("The report says that the network was trained, and holds it against no theory")
    func report() throws {
        let folder = try Self.trained.get()
        let outcome = try Program.run(
            "r", "--batch", "4", "--threads", "1", "--mode", "inference", "--report", "report", in: folder)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        let html = try folder.text("report/report.html")
        let markdown = try folder.text("report/report.md")
        let title = "Signal propagation through 3 residual units, trained for 4 iterations"
        #expect(markdown.hasPrefix("# \(title)\n"))
        #expect(html.contains("<h1>\(title)</h1>"))
        for text in [outcome.output, html, markdown.replacing("\\", with: "")] {
            #expect(text.contains("trained for 4 iterations"))
            #expect(text.contains("weights r/checkpoints/iteration-00000004, digits8, 4 images"))
            #expect(text.contains("cannot say: theory here is of freshly drawn weights"))
        }
    }

    /// The same file with tensors under other names.
    private func renamed(
        _ path: String, to target: String, in folder: TemporaryFolder, _ name: (String) -> String
    ) throws {
        let file = try folder.data(path)
        let length = file.prefix(8).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
        let header = String(decoding: file[8..<8 + length], as: UTF8.self)
            .replacing(#/"([\w.]+)":\{"dtype"/#) { "\"\(name(String($0.1)))\":{\"dtype\"" }
            // Nothing but names and shapes says what it is.
            .replacing(#/"__metadata__":\{[^}]*\},/#, with: "")
        let count = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) }
        try (count + Data(header.utf8) + file[(8 + length)...])
            .write(to: folder.url.appending(path: target))
    }

    private static func torchvision(_ name: String) -> String {
        var name = name.replacing("stem.conv", with: "conv1").replacing("stem.bn", with: "bn1")
            .replacing("head.fc", with: "fc").replacing(".branch.", with: ".")
            .replacing("shortcut.conv", with: "downsample.0").replacing("shortcut.bn", with: "downsample.1")
        for unit in 0..<6 {
            name = name.replacing("units.\(unit).", with: "layer\(unit / 2 + 1).\(unit % 2).")
        }
        return name
    }

    @Test("A state dictionary in torchvision's names is recognised, and measured as under our names")
    func torchvision() throws {
        let folder = try TemporaryFolder()
        let network = [
            "--depth", "14", "--unit", "original", "--size-change", "projection", "--mode", "inference",
            "--batch", "4", "--seed", "5", "--threads", "1",
        ]
        let exported = try Program.run(
            network + ["--export", "e", "--json", "a.json", "--quiet"], in: folder)
        #expect(exported.exitCode == 0)
        try renamed("e/weights.safetensors", to: "net.safetensors", in: folder, Self.torchvision)
        try renamed("e/weights.safetensors", to: "wrapped.safetensors", in: folder) {
            "module." + Self.torchvision($0)
        }
        let expected = try JSON(parsing: folder.text("a.json"))
        // The export's statistics are those of this batch: read, they are the same again.
        for words in [["net.safetensors"], ["wrapped.safetensors"], ["--weights", "e"]] {
            let outcome = try Program.run(
                words + [
                    "--mode", "inference", "--batch", "4", "--seed", "5", "--threads", "1", "--json", "-",
                ],
                in: folder)
            #expect(outcome.exitCode == 0, "\(words): \(outcome.errors)")
            let report = try JSON(parsing: outcome.output)
            #expect(
                report["units"]?.elements?.map { $0["gradient_log10"] }
                    == expected["units"]?.elements?.map { $0["gradient_log10"] })
            #expect(report["loss"] == expected["loss"])
            #expect(report["manifest"]?["weights"]?["iteration"] == .null)
        }
        // Another batch: its own statistics are not those that were read.
        func loss(_ mode: String) throws -> Double? {
            try measured(["net.safetensors", "--mode", mode, "--seed", "6"], in: folder)["loss"]?.number
        }
        #expect(try loss("inference") != loss("training"))
        let evaluated = try Program.run("evaluate", "wrapped.safetensors", in: folder)
        #expect(evaluated.exitCode == 0 && evaluated.output.contains("top-1 error"), "\(evaluated.errors)")
        let misfit = try Program.run("net.safetensors", "--width", "2", in: folder)
        #expect(misfit.exitCode == 2)
        #expect(
            misfit.errors
                == "Error: net.safetensors holds the weights of another network: conv1.weight has the dimensions "
                + "[16, 3, 3, 3], and this network needs [32, 3, 3, 3].\n")
    }

    @Test("Weights without running statistics are measured in training mode, and refused in inference")
    func noStatistics() throws {
        let folder = try TemporaryFolder()
        let network = ["--depth", "8", "--data", "noise"]
        let exported = try Program.run(
            network + ["--export", "e", "--batch", "2", "--threads", "1", "--quiet"], in: folder)
        #expect(exported.exitCode == 0)
        // Tensors of the wrong names are told as such; statistics that are called something else are missing.
        try renamed("e/weights.safetensors", to: "w", in: folder) {
            $0.hasSuffix("running_mean") || $0.hasSuffix("running_var") ? $0 + ".num_batches_tracked" : $0
        }
        let refused = try Program.run(network + ["--weights", "w", "--mode", "inference"], in: folder)
        #expect(refused.exitCode == 2 && refused.output == "")
        #expect(
            refused.errors
                == "Error: w holds no running statistics, which --mode inference needs: measure with --mode training.\n"
        )
        let report = try measured(network + ["--weights", "w"], in: folder)
        #expect(report["network"]?["units"]?.number == 3)
        let unnamed = try Program.run("w", "--depth", "8", in: folder)
        #expect(unnamed.exitCode == 2)
        #expect(
            unnamed.errors.hasPrefix(
                "Error: w does not say of which network it holds the weights: name the file with --weights, and its "
                    + "network with --depth, --unit and the like.\n"))
    }

    @Test("Networks of a comparison may be trained ones")
    func compared() throws {
        let folder = try Self.trained.get()
        let outcome = try Program.run(
            "compare", "r", "r/checkpoints/iteration-00000002", "--batch", "4", "--threads", "1", "--json",
            "-", in: folder)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        let report = try JSON(parsing: outcome.output)
        let names = report["networks"]?.elements?.compactMap { $0["name"]?.string } ?? []
        #expect(Set(names) == ["r", "r/checkpoints/iteration-00000002"])
        #expect(report["manifest"]?["configuration"]?["depth"]?.string == "8")
        #expect(report["manifest"]?["weights"] == .null)
    }

    @Test(
        "What names no weights, or names them in vain, is refused in one sentence",
        arguments: [
            (
                "r --seeds 2", 64,
                "--seeds 2 is impossible with weights that are read: they are the same with every seed."
            ),
            ("r --weights r", 64, "r and --weights r both name weights: give one of them."),
            ("nothing", 64, "There is no file or folder “nothing” to measure, and no command of that name."),
            ("--weights nothing", 2, "There is no checkpoint nothing."),
            (
                "r --depth 14", 2,
                "r/checkpoints/iteration-00000004 holds the weights of another network: units.1.branch.conv1.weight "
                    + "has the dimensions [32, 16, 3, 3], and this network needs [16, 16, 3, 3].\n"
            ),
            ("r --report r", 64, "--report"),
            ("compare r identity --seeds 2", 64, "r: --seeds 2 is impossible with weights that are read"),
            ("sweep --weights r --depth 8", 64, "Unknown option '--weights'"),
        ])
    func refusals(line: String, code: Int32, beginning: String) throws {
        let outcome = try Program.run(
            line.split(separator: " ").map(String.init), in: try Self.trained.get())
        #expect(outcome.exitCode == code, "\(outcome.errors)")
        #expect(outcome.errors.hasPrefix("Error: \(beginning)"), "\(outcome.errors)")
        #expect(outcome.output == "")
    }

    @Test("What weights claim of their network and cannot be is blamed on them")
    func claims() throws {
        let folder = try TemporaryFolder()
        func write(_ metadata: String) throws {
            let header = Array("{\"__metadata__\":\(metadata)}".utf8)
            let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) }
            try (length + Data(header)).write(to: folder.url.appending(path: "w"))
        }
        try write(#"{"depth":"21"}"#)
        let impossible = try Program.run("w", "--batch", "2", in: folder)
        #expect(impossible.exitCode == 2)
        #expect(impossible.errors.hasPrefix("Error: w: Depth 21 is impossible"), "\(impossible.errors)")
        // It may choose the network and its data, and nothing else.
        try write(
            #"{"depth":"8","data":"noise","json":"taken","report":"taken","export":"taken","seeds":"9"}"#)
        let claimed = try Program.run("w", in: folder)
        #expect(claimed.exitCode == 2)
        #expect(
            claimed.errors.hasPrefix(
                "Error: w holds the weights of another network: it has no stem.conv.weight"))
        #expect(try folder.names() == ["w"])
    }

    @Test("The lines that convert a file of PyTorch's are printed as they can be pasted")
    func conversion() throws {
        let folder = try TemporaryFolder()
        try folder.write("PK\u{3}\u{4}archive", to: "net.pth")
        for words in [["net.pth"], ["--weights", "net.pth"], ["evaluate", "net.pth"]] {
            let outcome = try Program.run(words, in: folder)
            #expect(outcome.exitCode == 2 && outcome.output == "")
            #expect(
                outcome.errors == """
                    Error: net.pth is a file of PyTorch's torch.save, and weights are read from safetensors files: load it \
                    there, and save it with safetensors.torch.save_file.
                    import torch, safetensors.torch; d = torch.load("net.pth", map_location="cpu", weights_only=True)
                    safetensors.torch.save_file({k: v.clone().contiguous() for k, v in d.get("state_dict", d.get("model", \
                    d)).items() if torch.is_tensor(v)}, "net.safetensors")

                    """, "\(words)")
        }
        try folder.write("onnx", to: "net.onnx")
        let outcome = try Program.run("--weights", "net.onnx", in: folder)
        #expect(outcome.exitCode == 2)
        #expect(
            outcome.errors
                == "Error: net.onnx is an ONNX file, which holds a network with its weights: propagate net.onnx measures it.\n"
        )
    }
}
