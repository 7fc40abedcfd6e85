import BuiltProgram
import Foundation
import TemporaryFolders
import Testing

/// `--configuration` and `--print-configuration`.
struct ConfigurationFileTests {
    @Test("A printed configuration repeats its run, bit for bit")
    func repeats() throws {
        let folder = try TemporaryFolder()
        let options = SmallRun.options + ["--shortcut", "scale0.5,0.25", "--seed", "3", "--quiet"]
        let printed = try Program.run(options + ["--json", "a.json", "--print-configuration"], in: folder)
        #expect(printed.exitCode == 0 && printed.errors == "")
        #expect(try folder.contents() == [], "printing measures nothing")
        try folder.write(printed.output, to: "run.yaml")
        #expect(try Program.run("--configuration", "run.yaml", in: folder).exitCode == 0)
        #expect(try Program.run(options + ["--json", "b.json"], in: folder).exitCode == 0)
        // Two runs differ in the command that was typed and in nothing else.
        let reports = try ["a.json", "b.json"].map { try JSON(parsing: folder.text($0)).members }
        let manifests = reports.map { $0?["manifest"]?.members }
        for (name, value) in try #require(reports[0]) where name != "manifest" {
            #expect(reports[1]?[name] == value, "\(name)")
        }
        #expect(manifests[0]?["configuration"] == manifests[1]?["configuration"])
    }

    @Test(
        "A manifest repeats its run, alone or in its report",
        arguments: [
            (
                "", "--depth 5 --shortcut scale0.5,0.25 --seed 3 --batch 2 --data noise --measure fits",
                "report.json"
            ),
            ("", "--depth 5 --seeds 2 --batch 2 --data noise --precision double", "report.json"),
            (
                "compare", "identity scale0.5,0.5 8 --depth 5 --batch 2 --data noise --rank-by total",
                "comparison.json"
            ),
            (
                "sweep", "--depth 5,8 --shortcut identity,scale0.5,0.5 --seed 1-2 --batch 2 --data noise",
                "sweep.json"
            ),
        ])
    func manifestRepeats(command: String, words: String, report: String) throws {
        let folder = try TemporaryFolder()
        let start = command.isEmpty ? [] : [command]
        func run(_ words: [String], to name: String) throws -> [String: JSON] {
            let store = command == "sweep" ? ["--store", "\(name).sqlite"] : []
            let outcome = try Program.run(
                start + words + store + ["--threads", "1", "--quiet", "--report", name], in: folder)
            #expect(outcome.exitCode == 0, "\(outcome.errors)")
            return try #require(JSON(parsing: folder.text("\(name)/\(report)")).members)
        }
        let first = try run(words.split(separator: " ").map(String.init), to: "a")
        for source in ["a/manifest.json", "a/\(report)"] {
            let again = try run(["--configuration", source], to: "b-\(source.hasSuffix("manifest.json"))")
            #expect(again["manifest"]?["configuration"] == first["manifest"]?["configuration"])
            // Cells of a sweep tell how long they took.
            for (name, value) in first where !["manifest", "cells"].contains(name) {
                #expect(again[name] == value, "\(name)")
            }
        }
    }

    @Test(
        "A sweep's axes keep their order, however often it is repeated from manifests",
        arguments: [false, true])
    func axes(areFromFile: Bool) throws {
        let folder = try TemporaryFolder()
        let grid = "shortcut: [none, identity]\nseeds: 2\ndepth: [8, 5]\nbatch: 2\ndata: noise\n"
        try folder.write(grid, to: "0.yaml")
        let typed = "--shortcut none,identity --seeds 2 --depth 8,5 --batch 2 --data noise"
            .split(separator: " ").map(String.init)
        var words = areFromFile ? ["--configuration", "0.yaml"] : typed
        for generation in 1...3 {
            let outcome = try Program.run(
                ["sweep"] + words + ["--store", "s", "--quiet", "--report", "\(generation)"], in: folder)
            #expect(outcome.exitCode == 0, "\(outcome.errors)")
            let report = try JSON(parsing: folder.text("\(generation)/sweep.json"))
            let axes = report["axes"]?.elements?.compactMap { $0["name"]?.string }
            #expect(axes == ["shortcut", "depth", "seed"], "generation \(generation)")
            #expect(report["manifest"]?["configuration"]?["axes"]?.string == "shortcut,depth,seed")
            #expect(try folder.text("\(generation)/cells.csv") == folder.text("1/cells.csv"))
            words = ["--configuration", "\(generation)/manifest.json"]
        }
    }

    @Test("A manifest that does not tell the order of its axes is read all the same")
    func axesOfEarlierVersions() throws {
        let folder = try TemporaryFolder()
        let words = "--shortcut none,identity --depth 5,8 --batch 2 --data noise --store s --quiet"
        let first = try Program.run(
            ["sweep", "--report", "a"] + words.split(separator: " ").map(String.init), in: folder)
        #expect(first.exitCode == 0, "\(first.errors)")
        let manifest = try folder.text("a/manifest.json")
        #expect(manifest.contains("\"axes\": \"shortcut,depth\",\n"))
        try folder.write(
            manifest.replacing(#/\n *"axes": "shortcut,depth",/#, with: ""), to: "older.json")
        let again = try Program.run(
            "sweep", "--configuration", "older.json", "--store", "s", "--quiet", "--json", "b.json",
            in: folder)
        #expect(again.exitCode == 0, "\(again.errors)")
        let axes = try JSON(parsing: folder.text("b.json"))["axes"]?.elements
        #expect(axes?.compactMap { $0["name"]?.string } == ["depth", "shortcut"])
    }

    @Test("A prediction is repeated from its report")
    func prediction() throws {
        let folder = try TemporaryFolder()
        let words = "--depth 1000 --shortcut scale0.99 --x0 0.5,0.16,0.1 --batch 8 --seeds 3"
        for (arguments, name) in [
            (words.split(separator: " ").map(String.init), "a.json"),
            (["--configuration", "a.json"], "b.json"),
        ] {
            let outcome = try Program.run(["predict", "--json", name] + arguments, in: folder)
            #expect(outcome.exitCode == 0, "\(outcome.errors)")
        }
        let reports = try ["a.json", "b.json"].map { try JSON(parsing: folder.text($0)).members }
        for (name, value) in try #require(reports[0]) where name != "manifest" {
            #expect(reports[1]?[name] == value, "\(name)")
        }
    }

    @Test("A configuration may come through a pipe, in YAML or as a manifest")
    func pipe() throws {
        let folder = try TemporaryFolder()
        let program = "'\(Program.executable.path)'"
        try folder.write("depth: 5\nbatch: 2\ndata: noise\nthreads: 1\n", to: "c.yaml")
        for (line, output) in [
            ("cat c.yaml | \(program) --configuration /dev/stdin --quiet --report a", "a"),
            ("\(program) --configuration <(sleep 0.2; cat c.yaml) --quiet --report b", "b"),
            ("\(program) --configuration <(cat a/manifest.json) --quiet --report c", "c"),
            ("\(program) --quiet --report d --configuration /dev/stdin < c.yaml", "d"),
        ] {
            let outcome = try Program.run(shell: line, in: folder)
            #expect(outcome.exitCode == 0, "\(line): \(outcome.errors)")
            #expect(try folder.text("\(output)/units.csv") == folder.text("a/units.csv"))
        }
        let compared = try Program.run(
            shell:
                "\(program) compare identity <(echo 'shortcut: none') --configuration c.yaml --quiet --json j",
            in: folder)
        #expect(compared.exitCode == 0, "\(compared.errors)")
    }

    @Test("A manifest of another command is refused, with its command")
    func foreignManifest() throws {
        let folder = try TemporaryFolder()
        #expect(try Program.run(SmallRun.quiet + ["--report", "r"], in: folder).exitCode == 0)
        let outcome = try Program.run("train", "--configuration", "r/manifest.json", in: folder)
        #expect(outcome.exitCode == 2)
        #expect(
            outcome.errors.hasPrefix(
                "Error: r/manifest.json: its run (propagate \(SmallRun.quiet.joined(separator: " ")) --report r) has the option “mode”, "
                    + "which propagate train does not have."), "\(outcome.errors)")
    }

    @Test("A printed configuration prints itself")
    func fixedPoint() throws {
        let folder = try TemporaryFolder()
        let printed = try Program.run("--depth", "56", "--unit", "original", "--print-configuration").output
        try folder.write(printed, to: "run.yaml")
        let again = try Program.run("--configuration", "run.yaml", "--print-configuration", in: folder)
        #expect(again.output == printed)
    }

    @Test("Every option of the help is a key of the printed file, said or as a comment")
    func completeness() throws {
        let printed = try Program.run("--print-configuration").output
        let help = try Program.run("help", "analyze").output
        let options = help.matches(of: #/\n  --([a-z-]+)/#).map { String($0.1) }
            .filter { !["version", "configuration", "print-configuration"].contains($0) }
        #expect(options.count > 18)
        for option in options { #expect(printed.contains(try Regex("\n(# )?\(option):")), "\(option)") }
    }

    @Test(
        "Every command's printed file is read back by it, prints itself, and writes what the words write",
        arguments: [
            ("sweep", "--depth 5,8 --shortcut identity,scale0.5,0.5 --seeds 2 --batch 2 --data noise"),
            ("sweep", "--depth 5,8 --seed 3-4 --batch 2 --data noise --rows depth"),
            ("compare", "identity scale0.5 8 --depth 5 --batch 2 --data noise --seeds 2 --rank-by total"),
            ("predict", "--depth 1000 --shortcut scale0.99 --data noise --batch 8"),
        ])
    func everyCommand(command: String, arguments: String) throws {
        let folder = try TemporaryFolder()
        let words = [command] + arguments.split(separator: " ").map(String.init)
        let printed = try Program.run(words + ["--print-configuration"], in: folder)
        #expect(printed.exitCode == 0 && printed.errors == "", "\(printed.errors)")
        #expect(try folder.contents() == [], "printing measures nothing")
        try folder.write(printed.output, to: "run.yaml")
        let file = [command, "--configuration", "run.yaml"]
        #expect(try Program.run(file + ["--print-configuration"], in: folder).output == printed.output)
        let typed = try Program.run(words + ["--json", "a.json"], in: folder)
        let read = try Program.run(file + ["--json", "b.json"], in: folder)
        #expect(typed.exitCode == read.exitCode, "\(read.errors)")
        let reports = try ["a.json", "b.json"].map { try JSON(parsing: folder.text($0)).members }
        for (name, value) in try #require(reports[0]) where name != "manifest" {
            #expect(reports[1]?[name] == value, "\(name)")
        }
        try folder.write("depth: 5\nbach: 2\n", to: "wrong.yaml")
        let wrong = try Program.run([command, "--configuration", "wrong.yaml"], in: folder)
        #expect(
            wrong.errors.hasPrefix("Error: wrong.yaml, line 2: unknown key “bach”; did you mean batch?"))
        #expect(wrong.exitCode == 2)
    }

    @Test("What is typed wins over the file")
    func precedence() throws {
        let folder = try TemporaryFolder()
        try folder.write("depth: 8\nbatch: 2\nthreads: 1\nseed: 4\n", to: "f.yaml")
        let outcome = try Program.run(
            "--seed", "5", "--configuration", "f.yaml", "--print-configuration", in: folder)
        #expect(outcome.output.contains("\ndepth: 8\n") && outcome.output.contains("\nseed: 5\n"))
    }

    static let refusals: [(text: String, sentence: String)] = [
        ("depth: 8\nbach: 2", "f.yaml, line 2: unknown key “bach”; did you mean batch? Known are: "),
        (
            "batch: 2\ndepth: 21",
            "f.yaml, line 2: Depth 21 is impossible: a cifar network has 6n + 2 (basic), 9n + 2 "
        ),
        ("depth: deep", "f.yaml, line 1: The value 'deep' is invalid for '--depth <count>'"),
        (
            "depth: 1001\nblock: basic",
            "f.yaml: Depth 1001 is impossible: a cifar network of basic blocks has 6n + 2 layers; "
        ),
        ("depth: [8\n", "f.yaml, line 2: this is no YAML: "),
        ("depth: [8, 20]", "f.yaml, line 1: “depth” takes one value here, not a list."),
    ]

    @Test("A file that asks for the impossible is refused with its line, and code 2", arguments: refusals)
    func refusal(text: String, sentence: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(text, to: "f.yaml")
        for command in [[], ["analyze"], ["compare", "identity", "none"]] {
            let outcome = try Program.run(command + ["--configuration", "f.yaml"], in: folder)
            // A comparison adds the network that cannot be made.
            #expect(
                outcome.errors.replacing("identity: ", with: "").hasPrefix("Error: \(sentence)"),
                "\(outcome.errors)")
            #expect(outcome.errors.split(separator: "\n").count == 1)
            #expect(outcome.exitCode == 2)
        }
    }

    @Test("Wrong words beside a good file are the command line's fault")
    func blame() throws {
        let folder = try TemporaryFolder()
        try folder.write("batch: 2\nwidth: 2000\narchitecture: dense\n", to: "f.yaml")
        let outcome = try Program.run(
            "--configuration", "f.yaml", "--depth", "11", "--batch", "0", in: folder)
        #expect(outcome.errors.hasPrefix("Error: --batch must be at least 1, not 0.\n"))
        #expect(outcome.exitCode == 64)
    }

    @Test("A file that is not there is told")
    func missing() throws {
        let outcome = try Program.run("--configuration", "no.yaml")
        #expect(outcome.errors == "Error: no.yaml cannot be read: No such file or directory.\n")
        #expect(outcome.exitCode == 2)
    }
}
