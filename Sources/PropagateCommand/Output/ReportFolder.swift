import Files
import Foundation
import Reporting

/// The folder of a report. It holds the files of one run: those of an earlier report are removed, which is said before
/// any work, and nothing else is.
struct ReportFolder {
    let path: String
    /// Files of the report that is there, relative to the folder.
    private let earlier: [String]
    /// What is to be told before the run; `nil` where nothing is replaced.
    let replacementNotice: String?

    /// Names that reports have in common.
    private static let ownNames = [ReportBundle.manifestName, "report.html", "report.md", "report.json"]

    /// Fails early where the folder could not be written, or holds what a report must not damage. Missing parents will
    /// be made.
    init(path: String) throws {
        self.path = path
        try FolderPlace.requireWritable(path)
        try FolderPlace.requireNoOtherKind(path)
        let manifest = try? ManifestFile(path: "\(path)/\(ReportBundle.manifestName)")
        earlier = manifest?.files ?? []
        for name in Self.ownNames where !earlier.contains(name) && FolderPlace.holds(name, path) {
            throw OutputError.inTheWay(path: path, name: name)
        }
        let command = manifest.map { $0.run.command.map(\.quotedForShell).joined(separator: " ") }
        replacementNotice =
            earlier.isEmpty
            ? nil
            : "\(path) holds the report of an earlier run (\(command ?? "")), which this run's will replace."
    }

    func write(_ files: [ReportBundle.File]) throws {
        for file in files where !earlier.contains(file.path) && FolderPlace.holds(file.path, path) {
            throw OutputError.inTheWay(path: path, name: file.path)
        }
        try DeferredSignals.during { try Self.write(files, to: path, replacing: earlier) }
    }

    /// Writes all files, then puts them in the place of earlier ones.
    static func write(_ files: [ReportBundle.File], to path: String, replacing earlier: [String]) throws {
        let folder = try OutputFolder<OutputError>(path)
        for file in files { try folder.write(file.contents, to: file.path) }
        if !earlier.isEmpty { try announce(Set(earlier).union(files.map(\.path)), in: path) }
        try folder.publish(replacing: earlier.filter { $0 != ReportBundle.manifestName })
    }

    /// Should the process be killed while files are replaced, the next report knows by this which ones were a report's.
    private static func announce(_ names: Set<String>, in path: String) throws {
        struct Unfinished: Encodable {
            let command: [String]
            let configuration: [String: String]
            let files: [String]
        }
        let manifest = Unfinished(command: [], configuration: [:], files: names.sorted())
        let text = String(decoding: try JSONEncoder().encode(manifest), as: UTF8.self)
        try OutputFile<OutputError>.write(text, to: "\(path)/\(ReportBundle.manifestName)")
    }
}
