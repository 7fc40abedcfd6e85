import BuiltProgram
import Foundation
import TemporaryFolders
import Testing

/// A command whose results follow from its words alone, and what of them is compared.
struct Scenario: Sendable, CustomTestStringConvertible {
    let name: String
    let arguments: [String]
    /// What is done in the same folder before, undisturbed.
    var before: [String]?
    /// The files that have to be the same, byte by byte, whatever happened on the way.
    let compared: @Sendable (_ name: String) -> Bool
    /// What else has to hold of the folder: of a database, whose bytes depend on its history.
    var check: @Sendable (TemporaryFolder) throws -> String = { _ in "" }

    /// Whether calls are SQLite's own. It does not repeat a sync that was interrupted, but undoes the transaction.
    var isOfSQLite = false

    var testDescription: String { name }

    /// The first of what is compared that is otherwise in a folder than in the reference; `nil` where nothing is.
    func difference(of folder: TemporaryFolder, from reference: [String: String]) throws -> String? {
        let state = try state(of: folder)
        let names = Set(state.keys).union(reference.keys).sorted()
        return names.first { state[$0] != reference[$0] }
            .map {
                "\($0): \((state[$0] ?? "missing").prefix(200)), not \((reference[$0] ?? "missing").prefix(200))"
            }
    }

    /// What is compared, as one value: the files' contents by name, and what the check says.
    func state(of folder: TemporaryFolder) throws -> [String: String] {
        var state: [String: String] = [:]
        for name in try folder.contents() where compared(name) {
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: folder.path(name), isDirectory: &isFolder)
            state[name] = isFolder.boolValue ? "folder" : try Self.fingerprint(of: folder.path(name))
        }
        state["check"] = try check(folder)
        return state
    }

    private static func fingerprint(of path: String) throws -> String {
        let data = try Data(contentsOf: URL(filePath: path))
        // FNV-1a: equal for equal bytes, and short enough to print.
        let hash = data.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return "\(data.count) bytes, \(String(hash, radix: 16))"
    }

    static let all = [analysis, replacement, sweep, training, resumption]

    private static let small = [
        "--depth", "5", "--batch", "2", "--data", "noise", "--threads", "1", "--quiet",
    ]
    private static let outputs = ["--report", "r", "--json", "j.json", "--csv", "c.csv", "--export", "e"]

    /// All outputs of an analysis.
    static let analysis = Scenario(name: "analyze", arguments: small + outputs) { _ in true }

    /// The same over those of another one.
    static let replacement = Scenario(
        name: "analyze over an earlier report", arguments: small + outputs,
        before: small + ["--measure", "fits,path-lengths"] + outputs
    ) { _ in true }

    /// A store is compared by its rows.
    static let sweep = Scenario(
        name: "sweep",
        arguments: ["sweep"] + small + [
            "--seed", "0-2", "--store", "s.sqlite", "--jobs", "1", "--csv", "c.csv",
        ],
        compared: { !$0.hasPrefix("s.sqlite") && $0 != "c.csv" },
        check: { folder in
            // Seconds differ from run to run: the last column.
            try folder.text("c.csv").split(whereSeparator: \.isNewline)
                .map {
                    $0.split(separator: ",", omittingEmptySubsequences: false).dropLast().joined(
                        separator: ",")
                }
                .joined(separator: "\n")
        }, isOfSQLite: true)

    private static let trained = [
        "train", "--depth", "8", "--data", "digits8", "--iterations", "6", "--batch", "8", "--threads", "1",
        "--checkpoint-every", "2", "--log-every", "2", "--evaluate-every", "6", "--quiet", "--run", "run",
    ]

    /// A report has seconds in it; weights and curve have not.
    static let training = Scenario(
        name: "train", arguments: trained,
        compared: { $0 == "run/curve.csv" || $0.hasSuffix("weights.safetensors") || $0.contains("partial") })

    /// A finished run that is gone on with, so that its report is replaced. Its manifest keeps the first command, whoever
    /// went on and was killed.
    static let resumption = Scenario(
        name: "train --resume over a report", arguments: ["train", "--resume", "run", "--quiet"],
        before: trained, compared: training.compared
    ) { folder in
        let manifest =
            try JSONSerialization.jsonObject(
                with: Data(folder.text("run/manifest.json").utf8)) as? [String: Any]
        let command = (manifest?["command"] as? [String] ?? []).joined(separator: " ")
        let depth = (manifest?["configuration"] as? [String: String])?["depth"] ?? "none"
        return "\(command), depth \(depth)"
    }
}
