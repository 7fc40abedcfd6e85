import Analysis
import Foundation
import Testing

@testable import Reporting

/// Whole reports against committed files. After an intended change, look at the new output and record it:
///
///     PROPAGATE_RECORD_GOLDEN=1 swift test -c release --filter ReportingTests.GoldenFileTests
///
/// Then read `git diff Tests/ReportingTests/Golden` as you would read code.
struct GoldenFileTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Golden")
    private static let isRecording = ProcessInfo.processInfo.environment["PROPAGATE_RECORD_GOLDEN"] == "1"

    static let files: [ReportBundle.File] = {
        let result = SyntheticResult.small()
        let terminal = [
            ("terminal.txt", TerminalStyle()), ("terminal-colour.txt", TerminalStyle(colour: true)),
            ("terminal-ascii-80.txt", TerminalStyle(width: 80, height: 40, unicode: false)),
        ].map {
            ReportBundle.File(
                path: $0.0,
                contents: TerminalReport.text(result, manifest: SyntheticResult.manifest, style: $0.1))
        }
        let schemas = JSONSchema.Kind.allCases.map { kind in
            ReportBundle.File(path: "\(kind.rawValue).schema.json", contents: JSONSchema.text(kind))
        }
        return ReportBundle.files(result, manifest: SyntheticResult.manifest) + terminal + schemas
            + files("seeds", SeedReport(SyntheticSeeds.five(), manifest: SyntheticResult.manifest))
            + files("comparison", ComparisonReport(SyntheticSeeds.comparison()))
            + files("sweep", SweepReport(SyntheticSeeds.sweep()))
            + ((try? SyntheticConfirmation.report()).map { files("confirmation", $0) } ?? [])
            + files("training", SyntheticTraining.report(SyntheticTraining.finished()))
            + [
                ReportBundle.File(
                    path: "heat-field.svg", contents: Figure.propagation(SyntheticTraining.long())[1].svg)
            ]
            + files("training-not-finite", SyntheticTraining.report(SyntheticTraining.notFinite()))
    }()

    /// A report of another kind, in a folder of its own, and what a terminal shows of it.
    private static func files(_ folder: String, _ report: some Report) -> [ReportBundle.File] {
        let terminal = [
            ("terminal.txt", TerminalStyle()), ("terminal-colour.txt", TerminalStyle(colour: true)),
            ("terminal-ascii-80.txt", TerminalStyle(width: 80, height: 40, unicode: false)),
        ].map { ReportBundle.File(path: $0.0, contents: report.terminal($0.1)) }
        return (report.files() + terminal).map {
            ReportBundle.File(path: "\(folder)/\($0.path)", contents: $0.contents)
        }
    }

    @Test("Every file of a report is the one that was looked at", arguments: files.map(\.path))
    func matches(path: String) throws {
        let file = try #require(GoldenFileTests.files.first { $0.path == path })
        let golden = GoldenFileTests.folder.appendingPathComponent(path)
        if GoldenFileTests.isRecording {
            try FileManager.default.createDirectory(
                at: golden.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(file.contents.utf8).write(to: golden)
        }
        let expected = try String(decoding: Data(contentsOf: golden), as: UTF8.self)
        let difference = firstDifference(file.contents, expected)
        #expect(difference == nil, "\(path) differs; PROPAGATE_RECORD_GOLDEN=1 records it")
    }

    @Test("No golden file is left over from a figure that is gone")
    func isComplete() throws {
        let found = try FileManager.default.subpathsOfDirectory(atPath: GoldenFileTests.folder.path)
            .filter { $0.contains(".") }
        #expect(Set(found) == Set(GoldenFileTests.files.map(\.path)))
    }

    /// The first line in which two texts differ, with both forms: whole files would flood the log.
    private func firstDifference(_ text: String, _ expected: String) -> String? {
        guard text != expected else { return nil }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let wanted = expected.split(separator: "\n", omittingEmptySubsequences: false)
        for index in 0..<max(lines.count, wanted.count) {
            let line = index < lines.count ? lines[index].prefix(200) : "(nothing)"
            let want = index < wanted.count ? wanted[index].prefix(200) : "(nothing)"
            if line != want { return "line \(index + 1): \(line) instead of \(want)" }
        }
        return "lines end differently"
    }
}
