import BuiltProgram
import Foundation
import TemporaryFolders
import Testing

/// `propagate train`.
struct TrainTests {
    private static let tiny = [
        "train", "--depth", "8", "--data", "digits8", "--iterations", "12", "--batch", "16",
        "--checkpoint-every", "3", "--threads", "1",
    ]

    private static func weights(_ run: String, after iteration: Int) -> String {
        String(format: "%@/checkpoints/iteration-%08d/weights.safetensors", run, iteration)
    }

    private func data(in folder: TemporaryFolder, _ name: String) throws -> Data {
        try Data(contentsOf: folder.url.appending(path: name))
    }

    @Test("A run leaves its curve, TensorBoard's events, the last checkpoints and its report")
    func whole() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(
            Self.tiny + ["--run", "r", "--measure-every", "6", "--evaluate-every", "6", "--json", "a.json"],
            in: folder)
        #expect(outcome.exitCode == 0)
        #expect(outcome.output.contains("Finished: 12 iterations"))
        #expect(outcome.output.contains("Propagation was measured 3 times"))
        let names = try folder.contents()
        #expect(
            names.filter { $0.hasPrefix("r/checkpoints/iteration-") && !$0.dropFirst(17).contains("/") }
                == [6, 9, 12].map { String(format: "r/checkpoints/iteration-%08d", $0) })
        #expect(names.contains { $0.hasPrefix("r/events.out.tfevents.") })
        for file in [
            "report.html", "report.md", "report.json", "curve.csv", "propagation.csv", "manifest.json",
        ] {
            #expect(names.contains("r/\(file)"))
        }
        #expect(try folder.text("r/report.json") == folder.text("a.json"))
        let curve = try folder.text("r/curve.csv").split(separator: "\r\n")
        #expect(curve.count == 13)
        let report = try JSON(parsing: folder.text("a.json"))
        #expect(report["propagation"]?.elements?.count == 3)
    }

    @Test(
        "A run that is killed goes on and ends with the same weights", arguments: [SIGKILL, SIGINT, SIGTERM])
    func killed(by kind: Int32) throws {
        let folder = try TemporaryFolder()
        // Dropout, so that masks have to come back too; replicas and momentum besides.
        let words =
            Self.tiny.map { $0 == "12" ? "60" : $0 } + ["--shortcut", "dropout0.5", "--replicas", "2"]
        #expect(try Program.run(words + ["--run", "whole", "--quiet"], in: folder).exitCode == 0)
        let outcome = try Program.run(words + ["--run", "r", "--quiet"], in: folder) { process in
            let deadline = Date() + 60
            let first = folder.path(Self.weights("r", after: 6))
            while Date() < deadline, !FileManager.default.fileExists(atPath: first) { usleep(1_000) }
            kill(process.processIdentifier, kind)
        }
        if kind == SIGKILL {
            #expect(outcome.isKilled)
        } else {
            #expect(!outcome.isKilled && outcome.exitCode == 128 + kind)
            #expect(outcome.errors.contains("stopping after this iteration"))
            #expect(try folder.text("r/report.md").contains("propagate train --resume r"))
        }
        let resumed = try Program.run("train", "--resume", "r", in: folder)
        #expect(resumed.exitCode == 0)
        #expect(resumed.errors.contains("\nr: going on after iteration "))
        #expect(
            try data(in: folder, Self.weights("r", after: 60))
                == data(in: folder, Self.weights("whole", after: 60)))
    }

    @Test(
        "A loss that is not finite stops the run, names iteration and unit, and keeps the last good checkpoint"
    )
    func notFinite() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(
            Self.tiny + [
                "--unit", "original", "--warm-up", "4", "--learning-rate", "1e30", "--run", "r", "--quiet",
            ], in: folder)
        #expect(outcome.exitCode == 1)
        #expect(
            outcome.errors == """
                Error: Training broke off: the loss of iteration 6 is not finite; \
                unit 0 is the first whose output is not. The checkpoint after iteration 3 is kept in r.

                """)
        #expect(try folder.text("r/report.md").contains("not finite"))
        // The last step has no loss behind it that would tell.
        let once = try Program.run(
            Self.tiny + [
                "--iterations", "1", "--warm-up", "0", "--learning-rate", "1e39", "--run", "once", "--quiet",
            ], in: folder)
        #expect(once.exitCode == 1)
        #expect(
            once.errors == """
                Error: Training broke off: iteration 1 left parameters that are not finite. \
                There was no checkpoint before it.

                """)
        #expect(try Program.run("evaluate", "r", in: folder).exitCode == 0)
    }

    @Test("What cannot be trained is refused in one sentence and touches nothing")
    func refusals() throws {
        let folder = try TemporaryFolder()
        #expect(try Program.run(Self.tiny + ["--run", "r", "--quiet"], in: folder).exitCode == 0)
        let before = try data(in: folder, Self.weights("r", after: 12))

        let other = try Program.run(Self.tiny + ["--run", "r", "--momentum", "0.8"], in: folder)
        #expect(other.exitCode == 2)
        #expect(other.errors.contains("momentum is 0.9, and 0.8 was asked for"))

        try folder.write("x", to: "file")
        try FileManager.default.createDirectory(
            atPath: folder.path("foreign"), withIntermediateDirectories: true)
        try folder.write("x", to: "foreign/thesis.tex")
        for (words, sentence) in [
            (["--run", "foreign"], "foreign is not empty and holds no training run"),
            (["--run", "file"], "file is not a folder, and one is needed there."),
            (["--data", "folder:nowhere", "--run", "s"], "There is no directory nowhere."),
        ] {
            let outcome = try Program.run(Self.tiny + words, in: folder)
            #expect(outcome.exitCode == 2)
            #expect(outcome.errors.hasPrefix("Error: \(sentence)"))
        }
        let none = try Program.run("train", "--resume", "foreign", in: folder)
        #expect(none.exitCode == 2 && none.errors.hasPrefix("Error: foreign holds no training run"))
        for (words, sentence) in [
            (["--recipe", "papr"], "Unknown recipe “papr”; did you mean paper?"),
            (["--batch", "15", "--replicas", "2"], "A batch of 15 cannot be split evenly over 2 replicas."),
            (["--milestones", "9,soon"], "--milestones takes iterations"),
            (["--running-average", "nan"], "This recipe cannot be used: the weight of a new batch"),
            (["--warm-up=-5"], "This recipe cannot be used: the warm-up cannot be negative"),
            (["--weight-decay", "inf"], "This recipe cannot be used: weight decay must be a number"),
            (["--crop", "corner"], "Unknown crop “corner”"), (["--keep", "0"], "--keep must be at least 1"),
            (
                ["--crop", "central"],
                "--crop is of use with --data folder:DIR alone, and changes nothing with digits8."
            ),
            (["--test-size", "64"], "--test-size is of use with --data folder:DIR alone"),
            (["--data", "digts"], "Unknown data “digts”; did you mean digits?"),
            (["--run", "a", "--resume", "b"], "not both"),
        ] {
            let outcome = try Program.run(Self.tiny + words, in: folder)
            #expect(outcome.exitCode == 64)
            #expect(outcome.errors.contains(sentence))
        }
        #expect(try data(in: folder, Self.weights("r", after: 12)) == before)
    }

    @Test("A damaged checkpoint is named, and nothing is trained over it")
    func damaged() throws {
        let folder = try TemporaryFolder()
        #expect(try Program.run(Self.tiny + ["--run", "r", "--quiet"], in: folder).exitCode == 0)
        let path = Self.weights("r", after: 12)
        var bytes = try data(in: folder, path)
        bytes[bytes.count - 5] ^= 1
        try bytes.write(to: folder.url.appending(path: path))
        for words in [["train", "--resume", "r"], ["evaluate", "r"]] {
            let outcome = try Program.run(words, in: folder)
            #expect(outcome.exitCode == 2)
            #expect(
                outcome.errors.contains(
                    "The checkpoint r/checkpoints/iteration-00000012 is damaged: weights.safetensors"))
        }
        // An earlier one is for the user to choose.
        #expect(
            try Program.run("evaluate", "r/checkpoints/iteration-00000009", in: folder).exitCode == 0)
    }

    @Test("A disk that is full while a checkpoint is written costs that checkpoint alone")
    func fullDisk() throws {
        let folder = try TemporaryFolder()
        let words = Self.tiny + ["--run", "r", "--quiet"]
        #expect(
            try Program.run(
                words.map { $0 == "12" ? "6" : $0 } + ["--milestones", "6", "--warm-up", "0"], in: folder
            )
            .exitCode == 0)
        let kept = try data(in: folder, Self.weights("r", after: 6))
        // A limit on the length of files stands for a full disk: both fail a call to write.
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments =
            [
                "-c", "trap '' XFSZ; ulimit -f 200; exec \"$0\" \"$@\" 2>errors", Program.executable.path,
            ] + words.map { $0 == "r" ? "s" : $0 }
        shell.currentDirectoryURL = folder.url
        try shell.run()
        shell.waitUntilExit()
        #expect(shell.terminationStatus == 2)
        let errors = try folder.text("errors")
        #expect(errors.contains("s/checkpoints/iteration-00000003 cannot be written: File too large"))
        #expect(errors.split(separator: "\n").count == 1)
        #expect(try folder.contents().allSatisfy { !$0.contains("partial") })
        #expect(try data(in: folder, Self.weights("r", after: 6)) == kept)
    }

    @Test("A folder that a kill left before its manifest is trained in; a report's manifest makes no run")
    func folders() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path("r/checkpoints"), withIntermediateDirectories: true)
        try folder.write("", to: "r/.lock")
        let words = Self.tiny.map { $0 == "12" ? "1" : $0 } + ["--quiet"]
        #expect(try Program.run(words + ["--run", "r"], in: folder).exitCode == 0)
        let report = ["--depth", "8", "--batch", "2", "--data", "noise", "--report", "report", "--quiet"]
        #expect(try Program.run(report, in: folder).exitCode == 0)
        let manifest = try folder.text("report/manifest.json")
        let outcome = try Program.run(words + ["--run", "report"], in: folder)
        #expect(outcome.exitCode == 2)
        #expect(outcome.errors.hasPrefix("Error: report is not empty and holds no training run"))
        #expect(try folder.text("report/manifest.json") == manifest)
    }

    @Test("The loss of a pre-activation ResNet-110 falls from its first iterations on")
    func deep() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(
            "train", "--depth", "110", "--data", "digits8", "--iterations", "24", "--batch", "32",
            "--learning-rate", "0.03", "--warm-up", "0", "--milestones", "none", "--log-every", "8",
            "--checkpoint-every", "24", "--evaluate-every", "24", "--threads", "1", "--quiet", "--run", "r",
            "--json", "a.json", in: folder)
        #expect(outcome.exitCode == 0)
        let curve = try #require(try JSON(parsing: folder.text("a.json"))["curve"]?.elements)
        let losses = curve.compactMap { $0["loss"]?.number }
        // Guessing is log 10 = 2.30. With seed 0, the default, means of eight iterations are 2.35, 2.17, 2.03.
        #expect(losses.count == 3 && losses[2] < losses[0] - 0.2, "\(losses)")
    }

    @Test("A run that will not fit in memory is refused with its figure before anything is made")
    func doesNotFit() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(
            "train", "--depth", "999999998", "--data", "digits8", "--run", "r", in: folder)
        #expect(outcome.exitCode == 2 && outcome.output == "")
        #expect(outcome.errors.hasPrefix("Error: Training needs about "))
        #expect(outcome.errors.hasSuffix("or give the batch to more replicas.\n"))
        #expect(outcome.seconds < 5)
        #expect(try folder.contents() == [])
    }

    @Test("Two processes do not train in one folder")
    func locked() throws {
        let folder = try TemporaryFolder()
        let words = Self.tiny.map { $0 == "12" ? "4000" : $0 } + ["--run", "r", "--quiet"]
        _ = try Program.run(words, in: folder) { process in
            let deadline = Date() + 60
            let first = folder.path(Self.weights("r", after: 3))
            while Date() < deadline, !FileManager.default.fileExists(atPath: first) { usleep(1_000) }
            let second = try? Program.run(words, in: folder)
            #expect(second?.exitCode == 2)
            #expect(second?.errors.hasPrefix("Error: Another process is training in r") == true)
            kill(process.processIdentifier, SIGKILL)
        }
    }

    @Test("The last test of a run is what evaluate says of it, and the digits are learnt")
    func evaluation() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(
            "train", "--depth", "8", "--data", "digits8", "--iterations", "150", "--run", "r", "--json",
            "a.json",
            "--quiet", "--seed", "1", in: folder)
        #expect(outcome.exitCode == 0)
        let run = try JSON(parsing: folder.text("a.json"))
        let last = try #require(run["curve"]?.elements?.last)
        let evaluated = try JSON(
            parsing: Program.run("evaluate", "r", "--json", "-", in: folder).output)
        #expect(evaluated["error"]?.number == last["test_error"]?.number)
        #expect(evaluated["top5_error"]?.number == last["test_top5_error"]?.number)
        #expect(evaluated["loss"]?.number == last["test_loss"]?.number)
        #expect(evaluated["images"]?.number == 360)
        // Chance is 0.9; a tenth of the preset's training comes to some 0.05.
        #expect(try #require(evaluated["error"]?.number) < 0.2)
    }

    /// The folder of a network's exported weights, of which the last elements are these.
    private func exported(endingIn last: [Float]) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(
            "--depth", "8", "--mode", "inference", "--batch", "4", "--threads", "1", "--quiet", "--export",
            "e",
            in: folder)
        #expect(outcome.exitCode == 0)
        var file = try data(in: folder, "e/weights.safetensors")
        let bytes = last.withUnsafeBytes { Data($0) }
        file.replaceSubrange((file.count - bytes.count)..<file.count, with: bytes)
        try file.write(to: folder.url.appending(path: "e/weights.safetensors"))
        return folder
    }

    @Test("Weights that are no numbers are named, and no error is made of them")
    func unusableWeights() throws {
        let folder = try exported(endingIn: [1, .nan])
        let outcome = try Program.run("evaluate", "e", in: folder)
        #expect(outcome.exitCode == 2 && outcome.output == "")
        #expect(
            outcome.errors.contains(
                #/e/weights\.safetensors cannot be used: element \d+ of units\.2\.branch\.conv2\.weight is nan\./#
            ), "\(outcome.errors)")
    }

    @Test("Outputs that are no numbers are told as such, and the rest is reported")
    func outputsThatAreNotFinite() throws {
        let folder = try exported(
            endingIn: Array(repeating: Float.greatestFiniteMagnitude, count: 9 * 64))
        let outcome = try Program.run("evaluate", "e", "--json", "e.json", in: folder)
        #expect(outcome.exitCode == 2)
        #expect(
            outcome.errors.contains(#/The network gives outputs that are not finite for \d+ of 360 images/#),
            "\(outcome.errors)")
        let plain = try Program.run("evaluate", "e", in: folder)
        #expect(!plain.output.contains("100.00 %") && plain.output.contains("top-1 error  –"))
        let json = try JSON(
            parsing: Program.run("evaluate", "e", "--json", "-", in: folder).output)
        #expect(json["error"] == .null && json["images"]?.number == 360)
        let count = try #require(json["not_finite_images"]?.number)
        #expect(count > 0)
    }

    @Test("A training whose loss explodes is not finished, and fails")
    func explosion() throws {
        let folder = try TemporaryFolder()
        let words = [
            "train", "--depth", "8", "--data", "digits8", "--iterations", "30", "--batch", "16",
            "--learning-rate",
            "100", "--weight-decay", "0", "--warm-up", "0", "--threads", "1", "--run", "r",
        ]
        let outcome = try Program.run(words + ["--json", "a.json"], in: folder)
        #expect(outcome.exitCode == 1)
        #expect(
            outcome.output.contains("Exploded: the loss ended at") && !outcome.output.contains("Finished"))
        let ending = try JSON(parsing: folder.text("a.json"))["ending"]
        #expect(ending?["kind"]?.string == "exploded" && ending?["iteration"]?.number == 30)
        // It ended so: going on with it changes nothing.
        let again = try Program.run("train", "--resume", "r", in: folder)
        #expect(again.exitCode == 1 && again.output.contains("Exploded: the loss ended at"))
    }

    @Test("Replicas of one image are refused where a normalisation would see one value")
    func singleValues() throws {
        let outcome = try Program.run(
            "train", "--architecture", "dense", "--depth", "8", "--data", "digits8", "--batch", "8",
            "--replicas",
            "8", in: try TemporaryFolder())
        #expect(
            outcome.exitCode == 64
                && outcome.errors.contains("stem.bn would take its statistics over 1 value"))
    }

    private static let shortRun = [
        "train", "--depth", "8", "--data", "digits8", "--iterations", "4", "--batch", "4", "--threads", "1",
        "--checkpoint-every", "2", "--quiet", "--run", "r",
    ]

    @Test("A run of somebody else's says nothing of where to write, and its links are not followed")
    func strangersRun() throws {
        let folder = try TemporaryFolder()
        #expect(try Program.run(Self.shortRun, in: folder).exitCode == 0)
        let manifest = try folder.text("r/manifest.json")
        for option in ["json", "report", "csv", "run", "resume", "quiet", "configuration", "unheard-of"] {
            try folder.write(
                manifest.replacing(
                    "\"batch\":", with: "\"\(option)\": \"\(folder.path("mine"))\",\n    \"batch\":"),
                to: "r/manifest.json")
            let outcome = try Program.run("train", "--resume", "r", in: folder)
            #expect(outcome.exitCode == 2)
            #expect(
                outcome.errors.hasPrefix(
                    "Error: The manifest in r sets “\(option)”, which no training run's does"))
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path("mine")))
        // Nor of what to remove.
        let weights = "checkpoints/iteration-00000004/weights.safetensors"
        try folder.write("mine", to: "r/notes.txt")
        try folder.write(
            manifest.replacing(
                "\"report.md\"", with: "\"report.md\", \"notes.txt\", \"\(weights)\""),
            to: "r/manifest.json")
        #expect(try Program.run("train", "--resume", "r", "--quiet", in: folder).exitCode == 0)
        #expect(try folder.contents().contains("r/\(weights)"))
        #expect(try folder.text("r/notes.txt") == "mine")
        try folder.write(manifest, to: "r/manifest.json")
        // The curve, a figure folder and the manifest may be replaced, never written through.
        try folder.write("mine", to: "kept/curve")
        for (name, target) in [
            ("curve.csv", "../kept/curve"), ("figures", "../kept"), ("report.md", "../kept/curve"),
        ] {
            try? FileManager.default.removeItem(atPath: folder.path("r/\(name)"))
            try FileManager.default.createSymbolicLink(
                atPath: folder.path("r/\(name)"), withDestinationPath: target)
        }
        let outcome = try Program.run("train", "--resume", "r", "--quiet", in: folder)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        #expect(try folder.text("kept/curve") == "mine")
        #expect(try folder.contents().filter { $0.hasPrefix("kept") } == ["kept", "kept/curve"])
        // A lock or checkpoints somewhere else are refused.
        for (name, sentence) in [
            (".lock", "r/.lock cannot be written: it is a link"),
            ("checkpoints", "r/checkpoints is not a folder of its own"),
        ] {
            try FileManager.default.moveItem(atPath: folder.path("r/\(name)"), toPath: folder.path("moved"))
            try FileManager.default.createSymbolicLink(
                atPath: folder.path("r/\(name)"), withDestinationPath: "../moved")
            let refused = try Program.run("train", "--resume", "r", "--quiet", in: folder)
            #expect(refused.exitCode == 2)
            #expect(refused.errors.hasPrefix("Error: \(sentence)"), "\(refused.errors)")
            try FileManager.default.removeItem(atPath: folder.path("r/\(name)"))
            try FileManager.default.moveItem(atPath: folder.path("moved"), toPath: folder.path("r/\(name)"))
        }
    }

    @Test("A run that was killed before its first checkpoint keeps its first command")
    func killedEarly() throws {
        let folder = try TemporaryFolder()
        #expect(try Program.run(Self.shortRun, in: folder).exitCode == 0)
        let finished = try folder.contents()
        for name in finished where name.hasPrefix("r/checkpoints/") {
            try? FileManager.default.removeItem(atPath: folder.path(name))
        }
        #expect(try Program.run("train", "--resume", "r", "--quiet", in: folder).exitCode == 0)
        #expect(
            try folder.contents().filter { !$0.contains("tfevents") }
                == finished.filter { !$0.contains("tfevents") })
        let manifest = try JSON(parsing: folder.text("r/manifest.json"))
        #expect(manifest["command"]?.strings == ["propagate"] + Self.shortRun)
        // Another run that is begun in its place is another run.
        for name in finished where name.hasPrefix("r/checkpoints/") {
            try? FileManager.default.removeItem(atPath: folder.path(name))
        }
        let other = Self.shortRun + ["--learning-rate", "0.01"]
        #expect(try Program.run(other, in: folder).exitCode == 0)
        #expect(
            try JSON(parsing: folder.text("r/manifest.json"))["command"]?.strings == ["propagate"] + other)
    }

    @Test("A manifest keeps the first command, records who went on, and repeats the run")
    func manifestOfTheRun() throws {
        let folder = try TemporaryFolder()
        #expect(try Program.run(Self.shortRun, in: folder).exitCode == 0)
        // As if it had been killed after the first checkpoint.
        try FileManager.default.removeItem(atPath: folder.path("r/checkpoints/iteration-00000004"))
        let outcome = try Program.run("train", "--resume", "r", "--threads", "2", "--quiet", in: folder)
        #expect(outcome.exitCode == 0)
        #expect(outcome.errors.contains("r: 2 threads from here on and 1 before: the weights will differ"))
        let manifest = try JSON(parsing: folder.text("r/manifest.json"))
        #expect(manifest["command"]?.strings == ["propagate"] + Self.shortRun)
        #expect(manifest["configuration"]?["threads"]?.string == "1")
        #expect(manifest["resumptions"]?.elements?.count == 1)
        let resumption = try #require(manifest["resumptions"]?.elements?.first)
        #expect(
            resumption["command"]?.strings == [
                "propagate", "train", "--resume", "r", "--threads", "2", "--quiet",
            ])
        #expect(resumption["threads"]?.number == 2)
        #expect(resumption["iteration"]?.number == 2)
        for source in ["r/manifest.json", "r/report.json"] {
            let name = "again-\(source.hasSuffix("report.json"))"
            let again = try Program.run(
                "train", "--configuration", source, "--run", name, "--quiet", in: folder)
            #expect(again.exitCode == 0, "\(again.errors)")
            #expect(
                try JSON(parsing: folder.text("\(name)/manifest.json"))["configuration"]
                    == manifest["configuration"])
        }
    }

    @Test("How a run is gone on with holds for whoever goes on next")
    func resumedOptions() throws {
        let folder = try TemporaryFolder()
        func manifest() throws -> JSON { try JSON(parsing: folder.text("r/manifest.json")) }
        func resume(_ words: String...) throws -> [String: JSON]? {
            // As if it had been killed after the first checkpoint.
            try? FileManager.default.removeItem(atPath: folder.path("r/checkpoints/iteration-00000004"))
            let outcome = try Program.run(["train", "--resume", "r", "--quiet"] + words, in: folder)
            #expect(outcome.exitCode == 0, "\(outcome.errors)")
            return try manifest()["resumptions"]?.elements?.last?["options"]?.members
        }
        #expect(try Program.run(Self.shortRun, in: folder).exitCode == 0)
        let begun = try manifest()["configuration"]
        #expect(
            try resume("--keep", "5", "--checkpoint-every", "1", "--log-every", "1")
                == ["keep": .string("5"), "checkpoint-every": .string("1")])
        // Back to what it began with, and nothing about what stays.
        #expect(try resume("--keep", "3", "--checkpoint-every", "1") == ["keep": .string("3")])
        #expect(try resume() == [:])
        #expect(
            try folder.contents().contains("r/checkpoints/iteration-00000003"),
            "a checkpoint after each iteration, as last asked for")
        #expect(try manifest()["configuration"] == begun, "what it began with stays")
        let text = try folder.text("r/manifest.json")
        try folder.write(
            text.replacing("\"keep\": \"5\"", with: "\"depth\": \"14\""), to: "r/manifest.json")
        let refused = try Program.run("train", "--resume", "r", "--quiet", in: folder)
        #expect(refused.exitCode == 2)
        #expect(
            refused.errors.hasPrefix("Error: The manifest in r sets “depth”, which no"), "\(refused.errors)")
    }

    @Test("Outputs of a run that is gone on with are held against its own folder and data")
    func resumedOutputs() throws {
        let folder = try TemporaryFolder()
        #expect(try Program.run(Self.shortRun, in: folder).exitCode == 0)
        // Where the run would be by default, which it is not.
        let other = "runs/full-preact-8-identity-digits8-seed0"
        try FileManager.default.createDirectory(
            atPath: folder.path(other), withIntermediateDirectories: true)
        let outcome = try Program.run(
            "train", "--resume", "r", "--quiet", "--csv", "\(other)/curve.csv", in: folder)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        let refused = try Program.run("train", "--resume", "r", "--csv", "r/curve.csv", in: folder)
        #expect(refused.exitCode == 64)
        #expect(refused.errors.hasPrefix("Error: --csv r/curve.csv lies in the folder of --resume"))
    }

    @Test("Settings that are hardly meant are told")
    func warnings() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(
            Self.shortRun + ["--milestones", "1,9", "--warm-up", "4", "--translation", "8"], in: folder)
        #expect(outcome.exitCode == 0)
        #expect(
            outcome.errors == """
                Warning: The run has 4 iterations and never comes to milestone 9.
                Warning: The warm-up takes all 4 iterations: the learning rate stays at 0.01.
                Warning: Translations of up to 8 pixels leave nothing of some images of side 8.

                """)
    }
}
