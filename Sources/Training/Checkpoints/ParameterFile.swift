import Kernels
import ResidualNetworks
import Safetensors

/// A safetensors file of a network's parameters, in any precision: exported by an analysis, taken out of a checkpoint, or
/// written by another framework under the same names or under those of torchvision and timm. It serves to measure, to
/// evaluate and to start from.
///
/// Running statistics (`NORM.running_mean`, `NORM.running_var`) are read where they are there; velocities and counters
/// of batches are not.
public struct ParameterFile: Sendable {
    public let path: String
    /// The words of the command line that name its network: those that the file carries, and where its names are
    /// torchvision's those that names and shapes tell; none where neither says anything.
    public let configuration: [String: String]
    /// Whether its first weight is stored in double precision.
    public let isDouble: Bool

    /// - Throws: `CheckpointError.fileMissing`, `.unreadable`, `.foreign` or `.foreignFormat`.
    public init(_ path: String) throws {
        let reader = try WeightsReader(path, of: path, kind: .parameters)
        let names = reader.names
        self.path = path
        let shapes = Dictionary(uniqueKeysWithValues: names.map { ($0, reader.file.shape(of: $0) ?? []) })
        configuration = (RecognizedNetwork(shapes: shapes)?.words ?? [:]).merging(reader.metadata) { $1 }
        let first = names.first { $0.hasSuffix(".weight") } ?? names.first
        isDouble = first.flatMap { reader.typeName(of: $0) } == SafetensorsType.float64.rawValue
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
