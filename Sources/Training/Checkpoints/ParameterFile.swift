import Kernels
import ResidualNetworks
import Safetensors

/// A safetensors file of a network's parameters, in single or double precision: exported by an analysis, taken out of
/// a checkpoint, or written by another framework under the same names. It serves to evaluate and to start from.
///
/// Running statistics (`NORM.running_mean`, `NORM.running_var`) are read where they are there; velocities and counters
/// of batches are not.
public struct ParameterFile: Sendable {
    public let path: String
    /// The strings that the file carries: of an exported one the configuration that it was made with.
    public let metadata: [String: String]
    /// Whether its classifier, or else its first tensor, is stored in double precision.
    public let isDouble: Bool

    /// - Throws: `CheckpointError.fileMissing`, `.unreadable` or `.foreign`.
    public init(_ path: String) throws {
        let reader = try WeightsReader(path, of: path, kind: .parameters)
        self.path = path
        metadata = reader.metadata
        let type =
            reader.typeName(of: "head.fc.weight") ?? reader.names.first.flatMap { reader.typeName(of: $0) }
        isDouble = type == SafetensorsType.float64.rawValue
    }

    /// A network with these parameters, at rest, at iteration 0.
    ///
    /// - Throws: `CheckpointError.otherArchitecture` with the first tensor that is not the design's.
    public func state<Scalar: KernelScalar>(
        of design: NetworkDesign, as precision: Scalar.Type = Scalar.self
    ) throws -> TrainingState<Scalar> {
        try WeightsReader(path, of: path, kind: .parameters).state(of: design, iteration: 0)
    }
}
