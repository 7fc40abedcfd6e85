import Files
import Safetensors

/// The folder that an export goes to. What else it holds is left alone.
struct ExportFolder {
    let path: String
    /// What is to be told before the run; `nil` where nothing is replaced.
    let replacementNotice: String?

    /// Fails early where the folder could not be written, or holds weights that are no export's.
    init(path: String) throws {
        self.path = path
        try FolderPlace.requireWritable(path)
        try FolderPlace.requireNoOtherKind(path)
        let there = TensorExportFiles.all.filter { FolderPlace.holds($0, path) }
        for name in there where !Self.isExport("\(path)/\(name)") {
            throw OutputError.inTheWay(path: path, name: name)
        }
        replacementNotice =
            there.isEmpty ? nil : "\(path) holds an earlier export, which this run's will replace."
    }

    /// - Parameter write: writes all files into the folder that it is given.
    func write(_ write: (String) throws -> Void) throws {
        try DeferredSignals.during {
            let folder = try OutputFolder<OutputError>(path)
            do {
                try write(folder.temporaryPath)
            } catch SafetensorsError.unwritable(let hidden, let reason) {
                throw OutputError.failed(path: "\(path)/\(Path.name(of: hidden))", reason: reason)
            }
            try folder.publish()
        }
    }

    /// Exports say which version wrote them.
    private static func isExport(_ file: String) -> Bool {
        guard let reader = try? SafetensorsReader(file) else { return false }
        return reader.metadata[TensorExportFiles.mark] != nil
    }
}

/// The files of an export.
enum TensorExportFiles {
    static let weights = "weights.safetensors"
    static let batch = "batch.safetensors"
    static let all = [weights, batch]
    /// Under this name their metadata hold the version that wrote them.
    static let mark = "propagate"
}
