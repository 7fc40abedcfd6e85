import Files
import Kernels
import ResidualNetworks

/// Weights on disk, as a user names them: the folder of a run or of a checkpoint, or a safetensors file.
public enum StoredWeights: Sendable {
    case checkpoint(StoredCheckpoint)
    case parameters(ParameterFile)

    /// - Throws: `CheckpointError`.
    public init(path: String) throws {
        let exported = "\(path)/\(CheckpointFiles.weights)"
        if Folder.exists(path) {
            let isExported =
                !CheckpointFiles.areIn(path)
                && Folder.textNames(in: path).contains(CheckpointFiles.weights)
            self =
                isExported
                ? .parameters(try ParameterFile(exported)) : .checkpoint(try StoredCheckpoint(path: path))
        } else if StoredCheckpoint.folder(ofWeights: path) != nil {
            self = .checkpoint(try StoredCheckpoint(path: path))
        } else {
            self = .parameters(try ParameterFile(path))
        }
    }

    public var path: String {
        switch self {
        case .checkpoint(let checkpoint): checkpoint.path
        case .parameters(let file): file.path
        }
    }

    /// The words of the command line that name its network and what it was made with, where it says so.
    public var configuration: [String: String] {
        switch self {
        case .checkpoint(let checkpoint): checkpoint.result.configuration
        case .parameters(let file): file.configuration
        }
    }

    /// The word for the images that it was trained on; `nil` where it is no checkpoint of a run.
    public var data: String? {
        switch self {
        case .checkpoint(let checkpoint): checkpoint.result.configuration["data"]
        case .parameters: nil
        }
    }

    /// Iterations done, where it says so.
    public var iteration: Int? {
        switch self {
        case .checkpoint(let checkpoint): checkpoint.iteration
        case .parameters: nil
        }
    }

    public var isDouble: Bool {
        switch self {
        case .checkpoint(let checkpoint): checkpoint.isDouble
        case .parameters(let file): file.isDouble
        }
    }

    /// Compares every tensor with what a design needs, before anything large is made.
    ///
    /// - Throws: `CheckpointError.tooFewTensors` or `.otherArchitecture`.
    public func match<Scalar: KernelScalar>(_ design: NetworkDesign, in precision: Scalar.Type) throws {
        switch self {
        case .checkpoint(let checkpoint): try checkpoint.reader().match(design, in: precision)
        case .parameters(let file):
            try WeightsReader(file.path, of: file.path, kind: .parameters).match(design, in: precision)
        }
    }

    /// - Throws: `CheckpointError.otherArchitecture` with the first tensor that is not the design's.
    public func state<Scalar: KernelScalar>(
        of design: NetworkDesign, as precision: Scalar.Type = Scalar.self
    ) throws -> TrainingState<Scalar> {
        switch self {
        case .checkpoint(let checkpoint): try checkpoint.checkpoint(of: design, as: precision).state
        case .parameters(let file): try file.state(of: design)
        }
    }

    /// The network of a design with these parameters, in any precision, and the running statistics that are stored with
    /// them; `nil` where there are none.
    ///
    /// - Throws: `CheckpointError.otherArchitecture` with the first tensor that is not the design's, before anything is read.
    public func network<Scalar: KernelScalar>(
        of design: NetworkDesign, as precision: Scalar.Type = Scalar.self
    ) throws -> (network: Network<Scalar>, statistics: RunningStatistics?) {
        let reader = try parameterReader()
        let match = try reader.match(design, in: precision)
        let statistics = match.hasStatistics ? try reader.statistics(match) : nil
        return (
            try Network(design, parameters: FileParameters(reader, match.naming)), statistics
        )
    }

    /// A checkpoint's files have been compared with their checksums; its velocities are passed over.
    private func parameterReader() throws -> WeightsReader {
        switch self {
        case .checkpoint(let checkpoint):
            try WeightsReader(
                "\(checkpoint.path)/\(CheckpointFiles.weights)", of: checkpoint.path, kind: .parameters)
        case .parameters(let file): try WeightsReader(file.path, of: file.path, kind: .parameters)
        }
    }
}
