import Analysis
import EventFiles
import Files
import Foundation
import Reporting
import Training

/// The folder of a training run: `manifest.json`, `curve.csv`, TensorBoard's event files, `checkpoints`, and at the
/// end the report. Locked while a process trains in it.
struct RunFolder {
    let path: String
    private let lock: FolderLock<OutputError>

    static let manifestName = "manifest.json"
    /// A setting that only training runs have: reports of other commands bring manifests along too.
    private static let mark = "checkpoint-every"

    /// Makes the folder if need be, and locks it.
    ///
    /// - Throws: `RunFolderError`, `OutputError`.
    init(path: String) throws {
        self.path = path
        let names = try? FileManager.default.contentsOfDirectory(atPath: path)
        let isOwn = names.map { names in
            // A kill may have left a folder whose manifest was still to come.
            names.allSatisfy { $0.hasPrefix(".") || $0 == CheckpointFolder.name }
        }
        if isOwn == false, try Self.configuration(in: path)?.keys.contains(Self.mark) != true {
            throw RunFolderError.foreign(path)
        }
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw OutputError.failed(path: path, reason: OutputError.reason(error))
        }
        guard let lock = try FolderLock<OutputError>(path) else { throw RunFolderError.inUse(path) }
        self.lock = lock
    }

    /// The options of the run that is in a folder, by their names; `nil` where none is.
    ///
    /// - Throws: `RunFolderError.damagedManifest`.
    static func configuration(in path: String) throws -> [String: String]? {
        struct Manifest: Decodable { let configuration: [String: String] }
        let file = "\(path)/\(manifestName)"
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        do {
            let data = try Data(contentsOf: URL(filePath: file))
            return try JSONDecoder().decode(Manifest.self, from: data).configuration
        } catch {
            throw RunFolderError.damagedManifest(file)
        }
    }

    func write(_ manifest: RunManifest) throws {
        try TextFile(path: "\(path)/\(Self.manifestName)").write(JSONReport.text(manifest))
    }

    /// The whole report, over an earlier one.
    func write(_ report: TrainingReport) throws {
        try AtomicDirectory(path: path).write { try report.files().write(into: $0) }
    }
}

/// Why a folder cannot hold a training run.
enum RunFolderError: Error, Equatable, CustomStringConvertible {
    case foreign(String)
    case inUse(String)
    case damagedManifest(String)
    case noRun(String)

    var description: String {
        switch self {
        case .foreign(let path):
            "\(path) is not empty and holds no training run: name another folder with --run."
        case .inUse(let path):
            "Another process is training in \(path): wait for it, or name another folder with --run."
        case .damagedManifest(let path): "\(path) cannot be read as the manifest of a run."
        case .noRun(let path):
            "\(path) holds no training run to go on with: start one with propagate train --run \(path)."
        }
    }
}
