import BuiltProgram
import Foundation
import TemporaryFolders
import Testing

/// The files of one small run against committed ones.
///
/// Words, keys and their order must be equal. Numbers may differ in their last digits, since another processor
/// or another BLAS adds in another order: 1e−9 relative is a million roundings in double precision, and far
/// below what any mistake in a formula changes. What is rounding through and through (errors of identities, and
/// where they are worst) only has to stay as small as rounding is.
struct GoldenReportTests {
    /// Scaled shortcuts in units that end in ReLU fill every column but the forward identity's.
    private static let request = [
        "--depth", "11", "--block", "single", "--batch", "2", "--shortcut", "scale0.5", "--unit", "original",
        "--precision", "double", "--threads", "1", "--seed", "3", "--report", "report", "--quiet",
    ]
    private static let run: Result<TemporaryFolder, any Error> = Result {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(request, in: folder)
        #expect(outcome.exitCode == 0 && outcome.output == "" && outcome.errors == "")
        return folder
    }

    @Test("The report's files are those that were looked at")
    func files() throws {
        let found = try Self.run.get().contents().joined(separator: "\n") + "\n"
        #expect(found == (try GoldenFile.text("files.txt", recording: found)))
    }

    @Test(
        "Data files agree with the committed ones", arguments: ["report.json", "manifest.json", "units.csv"])
    func data(name: String) throws {
        let text = try Self.run.get().text("report/\(name)")
        let golden = try GoldenFile.text(name, recording: Self.withoutMachine(text))
        #expect(Self.difference(Self.withoutMachine(text), golden) == nil)
    }

    @Test("Documents name the run and stand alone")
    func documents() throws {
        let folder = try Self.run.get()
        let html = try folder.text("report/report.html")
        #expect(html.hasPrefix("<!DOCTYPE html>") || html.hasPrefix("<!doctype html>"))
        #expect(!html.contains(#/(src|href)="https?:/#), "it must open offline")
        let markdown = try folder.text("report/report.md")
        for link in markdown.matches(of: #/\]\((?<target>figures/[^)]+)\)/#) {
            #expect(try folder.text("report/\(link.target)").contains("<svg"))
        }
        #expect(markdown.contains("scale0.5"))
    }

    /// Without what depends on the machine, on the state of the program's estimates, and on rounding alone.
    private static func withoutMachine(_ text: String) -> String {
        text.replacing(#/"(operating_system|processor|GSL|OpenBLAS|oneDNN|Swift|version)": "[^"]*"/#) {
            "\"\($0.1)\": \"\""
        }
        .replacing(#/"commit": (null|"[^"]*")/#, with: "\"commit\": null")
        .replacing(#/"(expected_memory_bytes|worst_unit)": \d+/#) { "\"\($0.1)\": 0" }
        // Central differences amplify rounding by the inverse of their step.
        .replacing(#/"probe_error_loss": [\d.e-]+/#, with: "\"probe_error_loss\": 0")
        .replacing(#/("name": "probe_loss".*"worst_error"): [\d.e-]+/#) { "\($0.1): 0" }
    }

    /// The first line in which two texts say something else.
    private static func difference(_ found: String, _ golden: String) -> String? {
        let (found, golden) = (lines(found), lines(golden))
        guard found.count == golden.count else { return "\(found.count) lines instead of \(golden.count)" }
        for (line, (text, expected)) in zip(found, golden).enumerated() where !isClose(text, expected) {
            return "line \(line + 1): \(text) instead of \(expected)"
        }
        return nil
    }

    private static func lines(_ text: String) -> [Substring] {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    }

    /// Equal words around numbers that are equal but for rounding.
    private static func isClose(_ text: Substring, _ expected: Substring) -> Bool {
        let number = #/-?\d+(\.\d+)?(e[+-]?\d+)?/#
        func words(_ line: Substring) -> String { String(line.replacing(number, with: "#")) }
        func numbers(_ line: Substring) -> [Double] {
            line.matches(of: number).compactMap { Double($0.output.0) }
        }
        let (found, wanted) = (numbers(text), numbers(expected))
        return words(text) == words(expected) && found.count == wanted.count
            && zip(found, wanted).allSatisfy { abs($0 - $1) <= 1e-9 * max(abs($0), abs($1)) + 1e-12 }
    }
}
