import Files
import Foundation
import Reporting
import Training

/// The folder of a training run: `manifest.json`, `curve.csv`, TensorBoard's event files, `checkpoints`, and at the
/// end the report. Locked while a process trains in it.
///
/// It may come from somebody else: nothing in it says where to write, and links in it are not followed.
struct RunFolder {
    let path: String
    /// What the manifest that is there tells of the run; `nil` of a new one.
    let manifest: ManifestFile?
    private let lock: FolderLock<OutputError>

    /// A setting that only training runs have: reports of other commands bring manifests along too.
    private static let mark = "checkpoint-every"
    /// What a run's entries are called, or begin with.
    static let entries = [
        ReportBundle.manifestName, CurveFile.name, CheckpointFolder.name, "report.", "figures",
        "propagation.csv",
        "events.out.tfevents",
    ]

    /// Makes the folder if need be, and locks it.
    ///
    /// - Throws: `RunFolderError`, `OutputError`.
    init(path: String) throws {
        self.path = path
        let names = Folder.exists(path) ? ((try? Folder.names(in: path)) ?? []).map(\.escaped) : []
        // A kill may have left a folder whose manifest was still to come.
        let isNew = names.allSatisfy { $0.hasPrefix(".") || $0 == CheckpointFolder.name }
        if !isNew, try Self.manifest(in: path)?.run.configuration[Self.mark] == nil {
            throw RunFolderError.foreign(path)
        }
        let checkpoints = Path.entry(CheckpointFolder.name, of: path)
        if names.contains(CheckpointFolder.name), !Folder.isOne(checkpoints) {
            throw RunFolderError.link(checkpoints)
        }
        try FolderPlace.requireWritable(path)
        try ReportFolder.requireRoomForFigures(in: path)
        try FolderChange<OutputError>.make(path)
        guard let lock = try FolderLock<OutputError>(path) else { throw RunFolderError.inUse(path) }
        self.lock = lock
        // Only now: the process that had the lock before may have written another.
        manifest = try Self.manifest(in: path)
    }

    /// Whether a folder holds a training run.
    static func isRun(_ path: String) -> Bool {
        (try? manifest(in: path))?.run.configuration[mark] != nil
            // A kill may have left checkpoints alone.
            || !CheckpointFolder(ofRun: path).iterations.isEmpty
    }

    /// What is told of the run in a folder; `nil` where none is.
    ///
    /// - Throws: `ManifestFileError`.
    static func manifest(in path: String) throws -> ManifestFile? {
        do {
            return try ManifestFile(path: Path.entry(ReportBundle.manifestName, of: path))
        } catch ManifestFileError.fileMissing {
            return nil
        }
    }

    /// The manifest of a run that goes on or begins.
    func write(_ manifest: RunManifest) throws {
        let text = JSONReport.text(manifest, files: self.manifest?.files ?? [ReportBundle.manifestName])
        try OutputFile<OutputError>.write(text, to: Path.entry(ReportBundle.manifestName, of: path))
    }

    /// The whole report, in the place of an earlier one.
    func write(_ report: TrainingReport) throws {
        try DeferredSignals.during {
            try ReportFolder.write(
                report.files(), manifest: report.manifest, to: path, replacing: manifest?.files ?? [])
        }
    }
}

/// Why a folder cannot hold a training run.
enum RunFolderError: Error, Equatable, CustomStringConvertible {
    case foreign(String)
    case inUse(String)
    case link(String)
    case noRun(String)
    /// An option that no run's manifest has.
    case foreignOption(String, option: String)

    var description: String {
        switch self {
        case .foreign(let path):
            "\(path) is not empty and holds no training run: name another folder with --run."
        case .inUse(let path):
            "Another process is training in \(path): wait for it, or name another folder with --run."
        case .link(let path):
            "\(path) is not a folder of its own, and is not followed: a run keeps its checkpoints in its own folder."
        case .noRun(let path):
            "\(path) holds no training run to go on with: start one with propagate train --run \(path.quotedForShell)."
        case .foreignOption(let path, let option):
            "The manifest in \(path) sets “\(option)”, which no training run's does: it was changed, or is of another "
                + "version; nothing was read or written."
        }
    }
}
