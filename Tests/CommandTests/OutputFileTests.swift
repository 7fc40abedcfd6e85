import Foundation
import TemporaryFolders
import Testing

/// Where results go: what is refused before the run, and what is there after it.
struct OutputFileTests {
    private static let bundle = [
        "figures", "manifest.json", "report.html", "report.json", "report.md", "units.csv",
    ]

    @Test(
        "A place that cannot be written is refused before the run",
        arguments: [
            (["--report", "file"], "FOLDER/file is a file, and a folder is needed there."),
            (["--report", "file/below"], "FOLDER/file is a file, and a folder is needed there."),
            (["--report", ""], "“” cannot be written: it is not the name of a folder."),
            (["--json", "folder"], "folder is a folder, and a file is to be written there."),
            (["--csv", "folder"], "folder is a folder, and a file is to be written there."),
            (["--json", "no/x.json"], "no/x.json cannot be written: there is no folder FOLDER/no."),
            (["--json", ""], "“” cannot be written: it is not the name of a file."),
        ])
    func refusal(arguments: [String], sentence: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("mine", to: "file")
        try FileManager.default.createDirectory(
            atPath: folder.path("folder"), withIntermediateDirectories: false)
        // A run that would take minutes: it must not be begun.
        let long = ["--depth", "1001", "--batch", "64", "--precision", "double"]
        let outcome = try Program.run(long + arguments, in: folder)
        let expected = sentence.replacing("FOLDER", with: folder.url.path)
        #expect(outcome.errors == "Error: \(expected)\n")
        #expect(outcome.exitCode == 2)
        #expect(try folder.contents() == ["file", "folder"])
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
        try FileManager.default.createDirectory(
            atPath: folder.path("figures"), withIntermediateDirectories: false)
        try folder.write("mine", to: "figures/mine.svg")
        try folder.write("old", to: "report.md")
        for _ in 0..<2 {
            #expect(try Program.run(SmallRun.quiet + ["--report", "."], in: folder).exitCode == 0)
        }
        #expect(try folder.text("figures/mine.svg") == "mine")
        #expect(try folder.text("report.md").hasPrefix("# Signal propagation"))
        #expect(try folder.contents().filter { !$0.contains("/") } == Self.bundle)
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
        #expect(outcome.output == "" && outcome.errors == "")
        #expect(try folder.contents() == [])
    }
}
