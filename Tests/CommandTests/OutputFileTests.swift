import BuiltProgram
import Foundation
import TemporaryFolders
import Testing

/// Where results go: what is refused before the run, and what is there after it.
struct OutputFileTests {
    private static let bundle = [
        "figures", "manifest.json", "report.html", "report.json", "report.md", "units.csv",
    ]

    private static let longName = String(repeating: "x", count: 256)

    @Test(
        "A place that cannot be written is refused before the run",
        arguments: [
            (["--report", "file"], "file is not a folder, and one is needed there."),
            (["--report", "file/below"], "file is not a folder, and one is needed there."),
            (["--report", ""], "“” cannot be written: it is not the name of a folder."),
            (["--json", "folder"], "folder is a folder, and a file is to be written there."),
            (["--csv", "folder"], "folder is a folder, and a file is to be written there."),
            (["--json", "no/x.json"], "no/x.json cannot be written: there is no folder no."),
            (["--json", ""], "“” cannot be written: it is not the name of a file."),
            (["--report", "dangling/r"], "dangling is not a folder, and one is needed there."),
            (["--json", longName], "\(longName) cannot be written: File name too long."),
            (["--report", longName], "\(longName) cannot be written: File name too long."),
        ])
    func refusal(arguments: [String], sentence: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("mine", to: "file")
        try FileManager.default.createDirectory(
            atPath: folder.path("folder"), withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("dangling"), withDestinationPath: "nowhere")
        // A run that would take minutes: it must not be begun.
        let long = ["--depth", "1001", "--batch", "64", "--precision", "double"]
        let outcome = try Program.run(long + arguments, in: folder)
        #expect(outcome.errors == "Error: \(sentence)\n")
        #expect(outcome.exitCode == 2)
        #expect(try folder.contents() == ["dangling", "file", "folder"])
        #expect(try folder.text("file") == "mine")
    }

    @Test("A folder without permission is refused before the run", .enabled(if: geteuid() != 0))
    func permission() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path("locked"), withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o555])
        for arguments in [["--report", "locked/r"], ["--report", "locked"], ["--json", "locked/r.json"]] {
            let outcome = try Program.run(["--depth", "1001"] + arguments, in: folder)
            #expect(outcome.errors == "Error: \(arguments[1]) cannot be written: Permission denied.\n")
            #expect(outcome.exitCode == 2)
        }
    }

    @Test("Missing parents of a report are made, and nothing temporary stays")
    func parents() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(SmallRun.quiet + ["--report", "a/b/report"], in: folder)
        #expect(outcome.exitCode == 0)
        #expect(outcome.output == "" && outcome.errors == "")
        let files = try folder.contents()
        #expect(
            files.filter { $0.split(separator: "/").count == 4 } == Self.bundle.map { "a/b/report/\($0)" })
        #expect(!files.contains { $0.contains("partial") })
    }

    @Test("A report goes into a folder that is there without touching what else it holds")
    func existing() throws {
        let folder = try TemporaryFolder()
        try folder.write("mine", to: "figures/mine.svg")
        for run in 0..<2 {
            let outcome = try Program.run(SmallRun.quiet + ["--report", "."], in: folder)
            #expect(outcome.exitCode == 0)
            #expect(outcome.errors.isEmpty == (run == 0))
        }
        #expect(try folder.text("figures/mine.svg") == "mine")
        #expect(try folder.text("report.md").hasPrefix("# Signal propagation"))
        #expect(try folder.contents().filter { !$0.contains("/") } == Self.bundle)
    }

    @Test("A report keeps no file of an earlier run, and says before the run that it replaces it")
    func replacement() throws {
        let folder = try TemporaryFolder()
        let first = SmallRun.quiet + ["--measure", "fits", "--report", "r"]
        #expect(try Program.run(first, in: folder).errors == "")
        #expect(try folder.contents().contains("r/fits.csv"))
        let outcome = try Program.run(SmallRun.quiet + ["--report", "r"], in: folder)
        let command = (["propagate"] + first).joined(separator: " ")
        #expect(
            outcome.errors
                == "r holds the report of an earlier run (\(command)), which this run's will replace.\n")
        #expect(
            try folder.contents().filter { $0.hasPrefix("r/") && $0.split(separator: "/").count == 2 }
                == Self.bundle.map { "r/\($0)" })
    }

    @Test("A file that no report listed is not replaced by one")
    func inTheWay() throws {
        let folder = try TemporaryFolder()
        try folder.write("mine", to: "r/report.md")
        let outcome = try Program.run(SmallRun.quiet + ["--report", "r"], in: folder)
        #expect(outcome.exitCode == 2)
        #expect(
            outcome.errors.contains("r holds report.md, which is not this program's and would be replaced"))
        #expect(try folder.contents() == ["r", "r/report.md"])
        for name in ["units.csv", "figures", "fits.csv", "figures/gradient-norms.svg"] {
            let other = try TemporaryFolder()
            try other.write("mine", to: "r/\(name)")
            let outcome = try Program.run(
                SmallRun.quiet + ["--report", "r", "--json", "j.json"], in: other)
            #expect(outcome.exitCode == 2)
            #expect(
                outcome.errors.contains("r holds \(name), which is not this program's"), "\(outcome.errors)")
            #expect(try other.text("r/\(name)") == "mine")
            // Which figures there are is known only then.
            #expect(try other.contents().contains("j.json") == name.hasSuffix("svg"))
        }
        try folder.write("mine", to: "e/weights.safetensors")
        let export = try Program.run(SmallRun.quiet + ["--export", "e"], in: folder)
        #expect(export.exitCode == 2)
        #expect(try folder.text("e/weights.safetensors") == "mine")
        try folder.write("mine", to: "m/model.onnx")
        let model = try Program.run(SmallRun.quiet + ["--export", "m"], in: folder)
        #expect(model.exitCode == 2)
        #expect(
            model.errors.contains("m holds model.onnx, which is not this program's and would be replaced"))
        #expect(try folder.text("m/model.onnx") == "mine")
        for notice in ["", "again holds an earlier export, which this run's will replace.\n"] {
            let run = try Program.run(SmallRun.quiet + ["--export", "again"], in: folder)
            #expect(run.exitCode == 0 && run.errors == notice)
        }
    }

    @Test(
        "Results that would take each other's place are refused before the run",
        arguments: [
            (["--json", "x", "--csv", "./x"], "--json and --csv are both ./x"),
            (["--json", "r/x", "--report", "r"], "--json r/x lies in the folder of --report"),
            (["--export", "r", "--report", "r/"], "--report and --export are both r"),
            (["--export", "r/e", "--report", "r"], "--export r/e lies in the folder of --report"),
            (
                ["--configuration", "c.yaml", "--json", "link.yaml"],
                "--configuration and --json are both link.yaml"
            ),
            (["sweep", "--store", "s", "--json", "s"], "--store and --json are both s"),
            (["sweep", "--store", "s", "--csv", "s-wal"], "--store and --csv are both s-wal"),
            (["train", "--run", "R", "--report", "R"], "--run and --report are both R"),
            (
                ["train", "--run", "R", "--csv", "R/curve.csv"],
                "--csv R/curve.csv lies in the folder of --run"
            ),
            (["confirm", "table1", "--store", "s", "--report", "s"], "--store and --report are both s"),
            (["verify", "--json", "x", "--markdown", "x"], "--json and --markdown are both x"),
            (
                ["--data", "folder:d", "--batch", "2", "--report", "d/r"],
                "--report d/r lies in the folder of --data"
            ),
            (
                ["--data", "cifar10:cif", "--json", "cif/data_batch_2.bin"],
                "--data and --json are both cif/data_batch_2.bin"
            ),
            (
                ["predict", "--data", "cifar10:cif", "--json", "link.txt"],
                "--data and --json are both link.txt"
            ),
            (
                ["train", "--data", "cifar100:cif", "--csv", "cif/cifar-100-binary/test.bin"],
                "--data and --csv are both cif/cifar-100-binary/test.bin"
            ),
        ])
    func clashes(arguments: [String], sentence: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("depth: 5\n", to: "c.yaml")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("link.yaml"), withDestinationPath: "c.yaml")
        try folder.write("", to: "d/class/a.png")
        for name in ["data_batch_2.bin", "batches.meta.txt", "cifar-100-binary/test.bin"] {
            try folder.write("", to: "cif/\(name)")
        }
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("link.txt"), withDestinationPath: "cif/batches.meta.txt")
        let before = try folder.contents()
        let outcome = try Program.run(arguments, in: folder)
        #expect(outcome.errors.hasPrefix("Error: \(sentence)"), "\(outcome.errors)")
        #expect(outcome.exitCode == 64)
        #expect(try folder.contents() == before)
        #expect(try folder.text("c.yaml") == "depth: 5\n")
    }

    @Test("Both results may go to a device")
    func oneDevice() throws {
        let outcome = try Program.run(SmallRun.quiet + ["--json", "/dev/null", "--csv", "/dev/null"])
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
    }

    @Test("A list of a stranger's report removes only what reports are made of")
    func strangersList() throws {
        let folder = try TemporaryFolder()
        #expect(try Program.run(SmallRun.quiet + ["--report", "r"], in: folder).exitCode == 0)
        try folder.write("mine", to: "r/thesis.tex")
        try folder.write("mine", to: "r/figures/thesis.pdf")
        let manifest = try folder.text("r/manifest.json")
        try folder.write(
            manifest.replacing(
                "\"report.md\"", with: "\"report.md\", \"thesis.tex\", \"figures/thesis.pdf\""),
            to: "r/manifest.json")
        #expect(try folder.text("r/manifest.json").contains("thesis.tex"))
        #expect(try Program.run(SmallRun.quiet + ["--report", "r"], in: folder).exitCode == 0)
        #expect(try folder.text("r/thesis.tex") == "mine")
        #expect(try folder.text("r/figures/thesis.pdf") == "mine")
    }

    @Test("A result may go to standard output under its name, or to a pipe")
    func namedPipes() throws {
        let folder = try TemporaryFolder()
        let words = SmallRun.quiet.joined(separator: " ")
        let outcome = try Program.run(
            shell: "'\(Program.executable.path)' \(words) --csv /dev/stdout | cat", in: folder)
        #expect(outcome.output.hasPrefix("unit,stage,") && outcome.errors == "")
        let fifo = try Program.run(
            shell: "mkfifo p && (cat p > copy & '\(Program.executable.path)' \(words) --csv p; wait)",
            in: folder)
        #expect(fifo.exitCode == 0, "\(fifo.errors)")
        #expect(try folder.text("copy") == outcome.output)
    }

    @Test("A folder that happens to hold one of the name checkpoints is no training run")
    func innocentNames() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path("checkpoints"), withIntermediateDirectories: false)
        for _ in 0..<2 {
            let outcome = try Program.run(SmallRun.quiet + ["--json", "x.json"], in: folder)
            #expect(outcome.exitCode == 0, "\(outcome.errors)")
        }
        // In the folder of a run, what is not the run's.
        let run = [
            "train", "--depth", "8", "--data", "digits8", "--iterations", "2", "--batch", "4", "--quiet",
            "--run", "R",
        ]
        for output in [[], ["--json", "R/mine.json"], ["--json", "R/mine.json"]] {
            let outcome = try Program.run(run + output, in: folder)
            #expect(outcome.exitCode == 0, "\(outcome.errors)")
        }
    }

    @Test("What is no text, or part of a run, a checkpoint or a report, is not replaced by a result")
    func otherKinds() throws {
        let folder = try TemporaryFolder()
        try Data([0x53, 0x51, 0x4C, 0]).write(to: folder.url.appending(path: "s.sqlite"))
        #expect(try Program.run(SmallRun.quiet + ["--report", "r"], in: folder).exitCode == 0)
        let run = [
            "train", "--depth", "8", "--data", "digits8", "--iterations", "2", "--batch", "4", "--quiet",
        ]
        #expect(try Program.run(run + ["--run", "R"], in: folder).exitCode == 0)
        let before = try folder.contents()
        for (option, path, sentence) in [
            ("--json", "s.sqlite", "s.sqlite is there and is no text file"),
            ("--csv", "r/units.csv", "r/units.csv is part of a report"),
            ("--json", "R/manifest.json", "R/manifest.json is part of the folder of a training run"),
            ("--report", "R", "R is the folder of a training run"),
            (
                "--export", "R/checkpoints/iteration-00000002",
                "R/checkpoints/iteration-00000002 is a checkpoint"
            ),
            ("--report", "~/r", "~/r cannot be written. “~” is not expanded here"),
            ("--json", "~/r.json", "~/r.json cannot be written. “~” is not expanded here"),
        ] {
            let outcome = try Program.run(SmallRun.quiet + [option, path], in: folder)
            #expect(outcome.errors.hasPrefix("Error: \(sentence)"), "\(outcome.errors)")
            #expect(outcome.exitCode == 2)
        }
        #expect(try folder.contents() == before)
    }

    @Test("Escape sequences in names do not reach the terminal")
    func escapes() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(SmallRun.quiet + ["--json", "a\u{1B}[31m\u{202E}/x"], in: folder)
        #expect(
            outcome.errors
                == "Error: a\\x1B[31m\\u{202E}/x cannot be written: there is no folder a\\x1B[31m\\u{202E}.\n"
        )
    }

    @Test(
        "Nor do those in words of wrong usage",
        arguments: [
            ["--no\u{1B}[31m"], ["--depth", "\u{1B}]0;title\u{7}"], ["--shortcut", "x\u{1B}[2J"],
            ["--data", "\u{202E}redlof"], ["compare", "identity", "\u{9B}31m"],
            ["sweep", "--rows", "\u{1B}c"],
            ["verify", "\u{1B}[8m"], ["train", "--recipe", "\u{1B}[1A"], ["schema", "a\rb\u{8}"],
        ])
    func escapesInUsage(arguments: [String]) throws {
        let outcome = try Program.run(arguments)
        #expect(outcome.exitCode == 64)
        #expect(outcome.errors.hasPrefix("Error: ") && outcome.errors.contains("\nUsage: "))
        let isUnsafe: (Unicode.Scalar) -> Bool = {
            $0 != "\n" && ($0.properties.generalCategory == .control || $0 == "\u{202E}")
        }
        #expect(!(outcome.output + outcome.errors).unicodeScalars.contains(where: isUnsafe))
    }

    @Test("A name that is not UTF-8 is refused, and a folder of such a name can be worked in")
    func namesAreBytes() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(
            shell:
                "mkdir $'caf\\xe9' && cd $'caf\\xe9' && '\(Program.executable.path)' \(SmallRun.quiet.joined(separator: " ")) "
                + "--report r --json j.json && ls && cd .. && '\(Program.executable.path)' --json $'caf\\xe9/j.json'",
            in: folder)
        #expect(outcome.output == "j.json\nr\n")
        #expect(outcome.errors.hasPrefix("Error: Argument 2 (caf\\xE9/j.json) is not UTF-8"))
        #expect(outcome.exitCode == 64)
    }

    @Test("A link is followed and a device is written to, never replaced")
    func links() throws {
        let folder = try TemporaryFolder()
        try folder.write("old", to: "real.csv")
        let manager = FileManager.default
        try manager.createSymbolicLink(atPath: folder.path("link.csv"), withDestinationPath: "real.csv")
        try manager.createSymbolicLink(atPath: folder.path("null.json"), withDestinationPath: "/dev/null")
        let outcome = try Program.run(
            SmallRun.quiet + ["--csv", "link.csv", "--json", "null.json"], in: folder)
        #expect(outcome.exitCode == 0)
        #expect(try folder.text("real.csv").hasPrefix("unit,stage,"))
        #expect(try manager.destinationOfSymbolicLink(atPath: folder.path("link.csv")) == "real.csv")
        #expect(try manager.destinationOfSymbolicLink(atPath: folder.path("null.json")) == "/dev/null")
    }

    @Test("What goes to standard output has it to itself, and is the file that would be written")
    func standardOutput() throws {
        let folder = try TemporaryFolder()
        let csv = try Program.run(SmallRun.options + ["--csv", "-", "--report", "r"], in: folder)
        #expect(csv.output == (try folder.text("r/units.csv")))
        let json = try Program.run(SmallRun.options + ["--json", "-"], in: folder)
        #expect(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) is [String: Any])
        #expect(csv.errors == "" && json.errors == "")
    }

    @Test("A full disk is an error", .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
    func fullDisk() throws {
        for arguments in [["--json", "/dev/full"], ["--csv", "/dev/full"]] {
            let outcome = try Program.run(SmallRun.quiet + arguments)
            #expect(outcome.errors == "Error: /dev/full cannot be written: No space left on device.\n")
            #expect(outcome.exitCode == 2)
        }
    }

    @Test("A run that is ended in the middle leaves nothing")
    func interruption() throws {
        let folder = try TemporaryFolder()
        let long = ["--depth", "1001", "--batch", "64", "--precision", "double", "--threads", "1"]
        let outcome = try Program.run(
            long + ["--report", "report", "--json", "report.json", "--csv", "units.csv"], in: folder
        ) { process in
            Thread.sleep(forTimeInterval: 0.5)
            // Not SIGINT, which a test runner in the background of a shell ignores, and so would the program.
            process.terminate()
        }
        #expect(outcome.isKilled && outcome.exitCode == SIGTERM)
        #expect(outcome.seconds < 10)
        #expect(outcome.output == "")
        // A run that takes much says so before it begins, if it gets so far.
        #expect(outcome.errors.wholeMatch(of: #/(memory [\d.]+ GiB at its peak\.\n)?/#) != nil)
        #expect(try folder.contents() == [])
    }
}
