import Kernels
import ResidualNetworks
import Tensors

/// The parameters of a network in a file, read one by one when it is built: they lie in memory once.
final class FileParameters: ParameterSource {
    private let reader: WeightsReader
    private let naming: TensorNaming

    init(_ reader: consuming WeightsReader, _ naming: TensorNaming) {
        self.reader = reader
        self.naming = naming
    }

    /// - Throws: `CheckpointError.unusableValue` for one that is not finite.
    func values<Scalar: KernelScalar>(
        name: String, dimensions: [Int], role: ParameterRole
    ) throws -> Tensor<Scalar> {
        let elements: [Scalar] = try reader.finite(naming.stored(name))
        return Tensor(elements, shape: Shape(elements.count, 1))
    }
}
