import Kernels
import NumericalMethods
import Tensors

/// Dropout masks drawn from one random stream a name.
public struct SeededMasks: MaskSource {
    public let seed: UInt64

    public init(seed: UInt64) { self.seed = seed }

    public func mask<Scalar: KernelScalar>(
        named name: String, shape: Shape, dropProbability p: Double, block: Int
    ) throws -> Tensor<Scalar> {
        var stream = RandomStream(seed: seed, name: name)
        var mask = Tensor<Scalar>(uninitialized: shape)
        mask.withUnsafeMutableBufferPointer { stream.fillMask($0, dropProbability: p) }
        return mask.reblocked(to: block)
    }
}
