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

    /// Fails early where the folder could not be written, or holds what a report must not damage. Missing parents will
    /// be made.
    init(path: String, of kind: ReportKind) throws {
        self.path = path
        try FolderPlace.requireWritable(path)
        try FolderPlace.requireNoOtherKind(path)
        let manifest = try? ManifestFile(path: "\(path)/\(ReportBundle.manifestName)")
        let listed = manifest?.files ?? []
        earlier = listed
        try Self.require(kind.names.filter { !listed.contains($0) }, notIn: path)
        try Self.requireRoomForFigures(in: path)
        let command = manifest.map { $0.run.command.map(\.quotedForShell).joined(separator: " ") }
        replacementNotice =
            earlier.isEmpty
            ? nil
            : "\(path) holds the report of an earlier run (\(command ?? "")), which this run's will replace."
    }

    /// - Throws: `OutputError.inTheWay` for a file where the folder of figures is to be. A link is replaced, whatever it
    ///   leads to.
    static func requireRoomForFigures(in path: String) throws(OutputError) {
        let folder = Path.entry(ReportKind.figures, of: path)
        if Folder.isOne(folder) || Folder.isLink(folder) { return }
        try require([ReportKind.figures], notIn: path)
    }

    private static func require(_ names: [String], notIn path: String) throws(OutputError) {
        if let name = names.first(where: { FolderPlace.holds($0, path) }) {
            throw .inTheWay(path: path, name: name)
        }
    }

    func write(_ files: [ReportBundle.File], manifest: RunManifest) throws {
        // Which figures there are follows from the result.
        try Self.require(files.map(\.path).filter { !earlier.contains($0) }, notIn: path)
        try DeferredSignals.during {
            try Self.write(files, manifest: manifest, to: path, replacing: earlier)
        }
    }

    /// Writes all files, then puts them in the place of earlier ones.
    static func write(
        _ files: [ReportBundle.File], manifest: RunManifest, to path: String, replacing earlier: [String]
    ) throws {
        let folder = try OutputFolder<OutputError>(path)
        for file in files { try folder.write(file.contents, to: file.path) }
        if !earlier.isEmpty {
            // Should the process be killed while files are replaced, the next report knows by this which ones were a
            // report's, and the next process of a training run what is trained.
            let names = Set(earlier).union(files.map(\.path)).sorted()
            try OutputFile<OutputError>.write(
                JSONReport.text(manifest, files: names), to: Path.entry(ReportBundle.manifestName, of: path))
        }
        try folder.publish(replacing: earlier.filter { $0 != ReportBundle.manifestName })
    }
}
