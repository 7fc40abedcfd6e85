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

    /// The configuration that it was made with, in the command line's words, where it says so.
    public var configuration: [String: String] {
        switch self {
        case .checkpoint(let checkpoint): checkpoint.result.configuration
        case .parameters(let file): file.metadata
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
    /// - Throws: `CheckpointError.prefixedNames`, `.tooFewTensors` or `.otherArchitecture`.
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
}
