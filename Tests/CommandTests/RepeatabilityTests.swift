import BuiltProgram
import Foundation
import TemporaryFolders
import Testing

/// The same request gives the same numbers, bit for bit.
struct RepeatabilityTests {
    private static let request = ["--depth", "11", "--batch", "3", "--shortcut", "dropout0.5", "--csv", "-"]

    @Test(
        "Neither a second run nor another number of threads changes a bit; another seed does",
        arguments: ["single", "double"])
    func bits(precision: String) throws {
        func units(threads: Int, seed: Int) throws -> String {
            let outcome = try Program.run(
                Self.request + ["--precision", precision, "--threads", "\(threads)", "--seed", "\(seed)"])
            #expect(outcome.exitCode == 0)
            return outcome.output
        }
        let first = try units(threads: 1, seed: 7)
        #expect(try units(threads: 1, seed: 7) == first)
        #expect(try units(threads: 2, seed: 7) == first)
        #expect(try units(threads: 1, seed: 8) != first)
    }

    @Test("The command of a manifest repeats the run")
    func manifest() throws {
        let folder = try TemporaryFolder()
        let request = ["--depth", "8", "--batch", "3", "--shortcut", "gate-exclusive:-1", "--seed", "5"]
        #expect(try Program.run(request + ["--report", "report", "--quiet"], in: folder).exitCode == 0)
        let first = try folder.text("report/units.csv")
        let manifest = try JSON(parsing: folder.text("report/manifest.json"))
        let command = try #require(manifest["command"]?.strings)
        #expect(command.first == "propagate")
        try FileManager.default.removeItem(atPath: folder.path("report"))
        #expect(try Program.run(Array(command.dropFirst()), in: folder).exitCode == 0)
        #expect(try folder.text("report/units.csv") == first)
    }

    @Test("The configuration of a manifest repeats the run, defaults spelt out")
    func configuration() throws {
        let folder = try TemporaryFolder()
        #expect(try Program.run("--depth", "20", "--report", "r", "--quiet", in: folder).exitCode == 0)
        let manifest = try JSON(parsing: folder.text("r/manifest.json"))
        let configuration = try #require(manifest["configuration"]?.members)
        let options = configuration.flatMap { ["--\($0.key)", $0.value.string ?? ""] }
        #expect(options.count == 2 * 23)
        let again = try Program.run(options + ["--csv", "-"], in: folder)
        #expect(again.output == (try folder.text("r/units.csv")))
    }
}
