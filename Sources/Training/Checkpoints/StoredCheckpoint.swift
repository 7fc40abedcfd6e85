import Files
import Kernels
import ResidualNetworks
import Safetensors

/// A checkpoint on disk: its report is read and its files are compared with their checksums when it is opened, its
/// weights when the network is known.
public struct StoredCheckpoint: Sendable {
    /// The folder.
    public let path: String
    /// Iterations done.
    public let iteration: Int
    /// The report of the run so far.
    public let result: TrainingResult
    /// Whether the run is in double precision.
    public let isDouble: Bool

    /// Opens the folder of one checkpoint.
    ///
    /// - Throws: `CheckpointError.damaged`, `.foreign`, `.fileMissing`, `.otherFormat` or `.unreadable`.
    public init(folder path: String) throws {
        guard Folder.exists(path) else {
            // Says what is wrong with a file that is missing or closed to us.
            _ = try InputFile<CheckpointError>(path)
            throw CheckpointError.foreign(
                path, reason: "it is a file without a \(CheckpointFiles.state) beside it")
        }
        guard CheckpointFiles.areIn(path) else {
            throw CheckpointError.foreign(path, reason: "it has no \(CheckpointFiles.state)")
        }
        try CheckpointFiles.verify(path)
        let file = try InputFile<CheckpointError>("\(path)/\(CheckpointFiles.state)")
        guard file.size <= CheckpointRecord.longest else {
            throw CheckpointError.damaged(
                path,
                reason: "its \(CheckpointFiles.state) has \(file.size) bytes, and at most "
                    + "\(CheckpointRecord.longest) are read")
        }
        let record = try CheckpointRecord(json: file.bytes(file.size, at: 0), of: path)
        guard let type = SafetensorsType(rawValue: record.type), [.float32, .float64].contains(type) else {
            throw CheckpointError.damaged(path, reason: "\(record.type) is not a precision of training runs")
        }
        self.path = path
        iteration = record.iteration
        result = record.result
        isDouble = type == .float64
    }

    /// Opens what a path stands for: the folder of a checkpoint, its weights, or the folder of a run, for its newest
    /// checkpoint.
    ///
    /// - Throws: `CheckpointError`; `.unfinished` where a kill left nothing that is whole.
    public init(path: String) throws {
        if !Folder.exists(path), let folder = Self.folder(ofWeights: path) {
            try self.init(folder: folder)
            return
        }
        guard Folder.exists(path), !CheckpointFiles.areIn(path) else {
            try self.init(folder: path)
            return
        }
        for folder in [CheckpointFolder.place(inRun: path), path] {
            guard let newest = try CheckpointFolder(path: folder).newest() else { continue }
            self = newest
            return
        }
        guard !CheckpointFolder(path: CheckpointFolder.place(inRun: path)).hasLeftovers,
            !CheckpointFolder(path: path).hasLeftovers
        else { throw CheckpointError.unfinished(path) }
        throw CheckpointError.foreign(path, reason: "it has no \(CheckpointFiles.state)")
    }

    /// The whole of it.
    ///
    /// - Throws: `CheckpointError.otherArchitecture` with the first tensor that is not the design's, or that is not in
    ///   this precision.
    public func checkpoint<Scalar: KernelScalar>(
        of design: NetworkDesign, as precision: Scalar.Type = Scalar.self
    ) throws -> Checkpoint<Scalar> {
        Checkpoint(state: try reader().state(of: design, iteration: iteration), result: result)
    }

    func reader() throws -> WeightsReader {
        try WeightsReader("\(path)/\(CheckpointFiles.weights)", of: path, kind: .checkpoint)
    }

    /// The checkpoint's folder, if a file is the weights of one.
    static func folder(ofWeights file: String) -> String? {
        guard file == CheckpointFiles.weights || file.hasSuffix("/" + CheckpointFiles.weights) else {
            return nil
        }
        let folder =
            file == CheckpointFiles.weights ? "." : String(file.dropLast(CheckpointFiles.weights.count + 1))
        return CheckpointFiles.areIn(folder) ? folder : nil
    }
}
