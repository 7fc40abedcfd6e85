import Files
import ONNX
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
        for name in there where !Self.isExport(name, in: path) {
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
            } catch SafetensorsError.unwritable(let hidden, let reason),
                ModelFileError.unwritable(let hidden, let reason)
            {
                throw OutputError.failed(path: "\(path)/\(Path.name(of: hidden))", reason: reason)
            }
            // A network that is too large has no model of its own: none of an earlier one is to stand beside its weights.
            try folder.publish(replacing: [TensorExportFiles.model])
        }
    }

    /// Exports say which version wrote them.
    private static func isExport(_ name: String, in folder: String) -> Bool {
        let file = Path.entry(name, of: folder)
        let metadata =
            name == TensorExportFiles.model
            ? try? ModelFile(path: file).metadata : try? SafetensorsReader(file).metadata
        return metadata?[TensorExportFiles.mark] != nil
    }
}

/// The files of an export.
enum TensorExportFiles {
    static let weights = "weights.safetensors"
    static let batch = "batch.safetensors"
    static let model = "model.onnx"
    static let all = [weights, batch, model]
    /// Under this name their metadata hold the version that wrote them.
    static let mark = "propagate"
}
