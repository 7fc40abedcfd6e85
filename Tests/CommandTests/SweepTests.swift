import BuiltProgram
import Foundation
import TemporaryFolders
import Testing

/// `propagate sweep`.
struct SweepTests {
    private static let grid = [
        "sweep", "--batch", "2", "--data", "noise", "--depth", "5,8", "--shortcut", "identity,scale0.5,0.5",
        "--seed", "0-1", "--store", "s.sqlite",
    ]

    @Test("Cells are what analyze measures, bit for bit, and are measured once")
    func cells() throws {
        let folder = try TemporaryFolder()
        let first = try Program.run(Self.grid + ["--csv", "a.csv", "--report", "r"], in: folder)
        #expect(first.exitCode == 0 && first.errors.split(separator: "\n").count == 8)
        let second = try Program.run(Self.grid + ["--csv", "b.csv"], in: folder)
        #expect(second.errors == "8 of 8 cells are in s.sqlite; 0 to measure.\n")
        #expect(try folder.text("a.csv") == folder.text("b.csv"))
        let lines = try folder.text("a.csv").split(separator: "\r\n")
        #expect(lines.count == 9)
        let line = try #require(lines.first { $0.hasPrefix("8,\"scale0.5,0.5\",1,true,") })
        let alone = try JSON(
            parsing: Program.run(
                "--batch", "2", "--data", "noise", "--depth", "8", "--shortcut", "scale0.5,0.5", "--seed",
                "1",
                "--threads", "1", "--json", "-"
            ).output)
        let loss = try #require(alone["loss"]?.number)
        #expect(line.contains(",\(loss),"), "the loss of the same run alone")
        #expect(try folder.text("r/sweep.json").contains("\"loss\": \(loss)"))
    }

    @Test("A wider grid measures only what is new")
    func wider() throws {
        let folder = try TemporaryFolder()
        #expect(try Program.run(Self.grid + ["--quiet"], in: folder).exitCode == 0)
        let wider = try Program.run(Self.grid + ["--seed", "2"], in: folder)
        #expect(wider.errors.hasPrefix("8 of 12 cells are in s.sqlite; 4 to measure.\n"))
        #expect(wider.errors.split(separator: "\n").count == 5)
    }

    @Test("However many cells run at once, the results are the same")
    func jobs() throws {
        let folder = try TemporaryFolder()
        let tables = try ["1", "4"].map { jobs in
            let options = ["--jobs", jobs, "--store", "\(jobs).sqlite", "--quiet", "--csv", "\(jobs).csv"]
            #expect(try Program.run(Self.grid + options, in: folder).exitCode == 0)
            // Without the last column, the seconds.
            return try folder.text("\(jobs).csv").split(separator: "\r\n")
                .map { $0.split(separator: ",", omittingEmptySubsequences: false).dropLast() }
        }
        #expect(tables[0] == tables[1])
    }

    @Test("A sweep that is killed loses nothing that was finished", arguments: [SIGKILL, SIGINT, SIGTERM])
    func killed(by kind: Int32) throws {
        let folder = try TemporaryFolder()
        let grid = ["sweep", "--depth", "56", "--seed", "0-199", "--batch", "4", "--store", "s.sqlite"]
        let outcome = try Program.run(grid, in: folder) { process in
            // The store grows with every finished cell.
            let deadline = Date() + 60
            while Date() < deadline, Self.size(of: folder.path("s.sqlite")) < 500_000 {
                usleep(20_000)
            }
            kill(process.processIdentifier, kind)
        }
        #expect(outcome.isKilled && outcome.exitCode == kind)
        let finished = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("[") }
        #expect((1..<200).contains(finished.count))
        if kind != SIGKILL {
            #expect(
                outcome.errors.contains("stopped: what is finished is in s.sqlite; start again to go on."))
        }
        // Every cell that was announced is there; at most those that were being written came after.
        let cells = finished.compactMap { $0.firstMatch(of: #/seed (\d+)/#)?.1 }
        let resumed = try Program.run(
            Array(grid.prefix(3)) + ["--seed", cells.joined(separator: ",")] + Array(grid.suffix(4)),
            in: folder)
        #expect(resumed.exitCode == 0)
        #expect(
            resumed.errors == "\(cells.count) of \(cells.count) cells are in s.sqlite; 0 to measure.\n")
    }

    private static func size(of path: String) -> Int {
        (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    }

    @Test("A file that is no store is refused, and left as it is")
    func foreign() throws {
        let folder = try TemporaryFolder()
        try folder.write("mine\n", to: "s.sqlite")
        let outcome = try Program.run(Self.grid, in: folder)
        #expect(
            outcome.errors
                == "Error: s.sqlite is not a store of propagate's: name another file, or move this one away.\n"
        )
        #expect(outcome.exitCode == 2)
        #expect(try folder.text("s.sqlite") == "mine\n")
    }

    @Test("A store with damage is refused")
    func damaged() throws {
        let folder = try TemporaryFolder()
        #expect(try Program.run(Self.grid + ["--quiet"], in: folder).exitCode == 0)
        let file = try FileHandle(forUpdating: URL(filePath: folder.path("s.sqlite")))
        try file.seek(toOffset: 8192)
        try file.write(contentsOf: Data(repeating: 0x55, count: 16384))
        try file.close()
        let outcome = try Program.run(Self.grid, in: folder)
        #expect(outcome.errors.hasPrefix("Error: s.sqlite is damaged ("))
        #expect(outcome.errors.split(separator: "\n").count == 1 && outcome.exitCode == 2)
    }

    @Test("Cells that do not fit are told, the others are measured")
    func doesNotFit() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(
            "sweep", "--depth", "5,1001", "--width", "1,1024", "--batch", "1", "--probe", "none", "--data",
            "noise", "--csv", "c.csv", in: folder)
        #expect(outcome.exitCode == 2)
        #expect(
            outcome.errors.contains("could not be measured, first depth 1001, width 1024: This measurement"))
        let cells = try folder.text("c.csv").split(separator: "\r\n").dropFirst()
        #expect(cells.contains { $0.hasPrefix("5,1,") } && !cells.contains { $0.hasPrefix("1001,1024,") })
    }

    @Test("A configuration file may hold lists")
    func configuration() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "depth: [5, 8]\nshortcut: [identity, \"scale0.5,0.5\"]\nbatch: 2\ndata: noise\nseeds: 2\nquantity: loss\n",
            to: "grid.yaml")
        let outcome = try Program.run("sweep", "--configuration", "grid.yaml", in: folder)
        #expect(outcome.exitCode == 0)
        #expect(
            outcome.output.hasPrefix(
                " Sweep of 8 cells: 2 depth × 2 shortcut × 2 seed\n noise, 2 images, training mode, "))
        #expect(outcome.output.contains("\n\n loss"))
    }

    static let refusals: [(arguments: String, beginning: String)] = [
        ("sweep --depth 20,21", "depth 21: Depth 21 is impossible: "),
        ("sweep --depth 20,20", "--depth names 20 twice.\n"),
        ("sweep identity", "Unexpected argument 'identity': a sweep is told by options alone.\n"),
        ("sweep --detph 20", "Unknown option '--detph'. Did you mean '--depth'?\n"),
        (
            "sweep --depth 20,56 --rows unit",
            "--unit has not several values here; those that have are: depth.\n"
        ),
        ("sweep --quantity los", "Unknown quantity “los”; did you mean loss? Known are: "),
        ("sweep --jobs 0", "--jobs must be at least 1, not 0.\n"),
    ]

    @Test("A wrong request is refused in one sentence", arguments: refusals)
    func refusal(arguments: String, beginning: String) throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(arguments.split(separator: " ").map(String.init), in: folder)
        #expect(outcome.errors.hasPrefix("Error: \(beginning)"), "\(outcome.errors)")
        #expect(outcome.errors.contains("\nUsage: propagate sweep [<options>]\n"))
        #expect(outcome.exitCode == 64 && outcome.output == "")
        #expect(try folder.contents() == [], "no store is made")
    }
}
