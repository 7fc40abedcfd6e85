import BuiltProgram
import Foundation
import TemporaryFolders
import Testing

/// `propagate confirm`.
struct ConfirmTests {
    private static let tiny = [
        "confirm", "table1", "--depth", "8", "--iterations", "3", "--batch", "8", "--store", "kept",
    ]

    @Test("A table is trained once: its report comes again from what is kept, and more seeds add to it")
    func keeps() throws {
        let folder = try TemporaryFolder()
        let first = try Program.run(
            Self.tiny + ["--seeds", "1", "--csv", "a.csv", "--report", "r"], in: folder)
        #expect(first.exitCode == 0)
        #expect(first.errors.split(separator: "\n").count == 11)
        #expect(
            first.output.hasPrefix(" Confirmation of Table 1: shortcuts, with the original unit (f = ReLU)\n")
        )
        let again = try Program.run(Self.tiny + ["--seeds", "1", "--csv", "b.csv"], in: folder)
        #expect(again.errors == "11 of 11 runs are in kept; 0 to train.\n")
        #expect(try folder.text("a.csv") == folder.text("b.csv"))
        let more = try Program.run(Self.tiny + ["--seeds", "2", "--csv", "c.csv"], in: folder)
        #expect(more.errors.hasPrefix("11 of 22 runs are in kept; 11 to train.\n"))
        #expect(try folder.text("c.csv").split(separator: "\r\n").count == 23)
        let files = try folder.contents().filter { $0.hasPrefix("r/") }
        #expect(
            files == [
                "r/cells.csv", "r/confirmation.json", "r/figures", "r/figures/training-curves.svg",
                "r/figures/truncation.svg", "r/manifest.json", "r/report.html", "r/report.md",
            ])
    }

    @Test("A confirmation that is killed goes on where it stopped", arguments: [SIGKILL, SIGINT])
    func killed(by kind: Int32) throws {
        let folder = try TemporaryFolder()
        let words = Self.tiny + ["--seeds", "40", "--jobs", "1"]
        let outcome = try Program.run(words, in: folder) { process in
            let deadline = Date() + 60
            while Date() < deadline, Self.finished(in: folder) < 3 { usleep(5_000) }
            kill(process.processIdentifier, kind)
        }
        #expect(outcome.isKilled && outcome.exitCode == kind)
        if kind == SIGINT {
            #expect(outcome.errors.contains("stopped: what is done is in kept; start again to go on."))
        }
        let kept = Self.finished(in: folder)
        #expect((3..<440).contains(kept))
        // Cells are trained seed by seed, so the first seed's are among what is kept or come next.
        let resumed = try Program.run(Self.tiny + ["--seeds", "1", "--json", "a.json"], in: folder)
        #expect(resumed.exitCode == 0)
        #expect(
            resumed.errors.hasPrefix(
                "\(min(kept, 11)) of 11 runs are in kept; \(max(0, 11 - kept)) to train.\n"))
        let whole = try Program.run(
            Array(Self.tiny.dropLast()) + ["other", "--seeds", "1", "--json", "b.json"], in: folder)
        #expect(whole.exitCode == 0)
        #expect(try Self.untimed(folder.text("a.json")) == Self.untimed(folder.text("b.json")))
    }

    /// What does not depend on when and how it ran.
    private static func untimed(_ report: String) -> [Substring] {
        report.split(separator: "\n").filter { line in
            !["\"seconds\"", "\"command\"", "kept", "other", "b.json", "a.json"].contains(
                where: line.contains)
        }
    }

    private static func finished(in folder: TemporaryFolder) -> Int {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path("kept/cells"))
        return (names ?? []).count { $0.hasSuffix(".json") }
    }

    @Test("Results of another configuration are not mixed with these")
    func otherConfiguration() throws {
        let folder = try TemporaryFolder()
        #expect(try Program.run(Self.tiny + ["--seeds", "1", "--quiet"], in: folder).exitCode == 0)
        let outcome = try Program.run(Self.tiny + ["--seeds", "1", "--batch", "6"], in: folder)
        #expect(outcome.exitCode == 2 && outcome.output == "")
        #expect(
            outcome.errors
                == "Error: kept holds results of another configuration (batch: 8, now 6): name another folder with "
                + "--store, or move this one away.\n")
    }

    @Test("Gate biases are searched when asked, and the best are trained")
    func search() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(
            Self.tiny + ["--seeds", "1", "--search-gate-bias", "--iterations", "1", "--json", "a.json"],
            in: folder)
        #expect(outcome.exitCode == 0)
        let report = try JSON(parsing: folder.text("a.json"))
        let searches = try #require(report["searches"]?.elements)
        #expect(searches.count == 22)
        let text = try folder.text("a.json")
        for trial in searches where trial["best"] == .boolean(true) {
            let bias = Int(try #require(trial["bias"]?.number))
            let gate = try #require(trial["gate"]?.string)
            #expect(text.contains("\"name\": \"\(gate):\(bias)\""))
        }
        // The manifest repeats it, out of the store. Of another table it is refused.
        let again = try Program.run(
            "confirm", "table1", "--configuration", "a.json", "--store", "kept", "--json", "b.json",
            in: folder)
        #expect(again.exitCode == 0, "\(again.errors)")
        let repeated = try JSON(parsing: folder.text("b.json")).members
        for (name, value) in try #require(report.members) where name != "manifest" {
            #expect(repeated?[name] == value, "\(name)")
        }
        #expect(repeated?["manifest"]?["configuration"] == report["manifest"]?["configuration"])
        let other = try Program.run("confirm", "table3", "--configuration", "a.json", in: folder)
        #expect(other.exitCode == 2)
        #expect(
            other.errors
                == "Error: a.json: its run is of table1: propagate confirm table1 repeats it.\n")
        #expect(try folder.names() == ["a.json", "b.json", "kept"])
    }

    @Test("What is finished is reported without writing to the store")
    func readOnly() throws {
        let folder = try TemporaryFolder()
        #expect(try Program.run(Self.tiny + ["--seeds", "1", "--quiet"], in: folder).exitCode == 0)
        try FileManager.default.removeItem(atPath: folder.path("kept/.lock"))
        let before = try Self.state(of: "kept", in: folder)
        let again = try Program.run(Self.tiny + ["--seeds", "1", "--csv", "a.csv"], in: folder)
        #expect(again.exitCode == 0 && again.errors == "11 of 11 runs are in kept; 0 to train.\n")
        #expect(try Self.state(of: "kept", in: folder) == before)
        // What is missing is written, and the description stays as it is.
        #expect(try Program.run(Self.tiny + ["--seeds", "2", "--quiet"], in: folder).exitCode == 0)
        let after = try Self.state(of: "kept", in: folder)
        #expect(after.count == before.count + 12 && after["confirmation.json"] == before["confirmation.json"])
    }

    /// Every entry below a folder, and the folder, with its number and the time of its last change.
    private static func state(of name: String, in folder: TemporaryFolder) throws -> [String: [Int]] {
        let path = folder.path(name)
        let names = try FileManager.default.subpathsOfDirectory(atPath: path) + ["."]
        return Dictionary(
            uniqueKeysWithValues: names.map { name in
                var status = stat()
                lstat("\(path)/\(name)", &status)
                return (name, [Int(status.st_ino), status.st_mtim.tv_sec, status.st_mtim.tv_nsec])
            })
    }

    static let refusals: [(arguments: String, beginning: String)] = [
        ("confirm", "Missing expected argument '<table>'"),
        ("confirm table4", "The value 'table4' is invalid for '<table>'"),
        ("confirm table1 --depth 21", "Depth 21 is impossible: a cifar network of basic blocks has "),
        (
            "confirm table1 --scale smal",
            "Unknown scale “smal”; did you mean small? Known are: standard, small, paper."
        ),
        ("confirm table1 --scale paper", "--scale paper is the paper's training on CIFAR, and needs --data "),
        (
            "confirm table1 --data noise",
            "“noise” does not stand for the paper's data; --data takes digits8, digits, "
        ),
        (
            "confirm table2 --search-gate-bias",
            "--search-gate-bias needs rows with gates, and table2 has none."
        ),
        ("confirm table1 --greatest-depth 20", "No row of the table has at most 20 layers."),
        ("confirm table1 --seeds 0", "--seeds must be at least 1, not 0."),
        ("confirm table1 --jobs 0", "--jobs must be at least 1, not 0."),
    ]

    @Test("A wrong request is refused in one sentence", arguments: refusals)
    func refusal(arguments: String, beginning: String) throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(arguments.split(separator: " ").map(String.init), in: folder)
        #expect(outcome.errors.hasPrefix("Error: \(beginning)"), "\(outcome.errors)")
        #expect(outcome.exitCode == 64 && outcome.output == "")
        #expect(try folder.contents() == [], "no store is made")
    }

    @Test("Files that are missing are named")
    func missingFiles() throws {
        let outcome = try Program.run("confirm", "table1", "--scale", "paper", "--data", "cifar10:nowhere")
        #expect(outcome.exitCode == 2 && outcome.errors.split(separator: "\n").count == 1)
        #expect(outcome.errors.contains("nowhere"))
    }
}
