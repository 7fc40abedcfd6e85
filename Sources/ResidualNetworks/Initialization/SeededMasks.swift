import Kernels
import NumericalMethods
import Tensors

/// Where dropout masks come from.
public protocol MaskSource: Sendable {
    /// A 0/1 tensor in (N, C, H, W) order that is 1 with probability 1 − p; the same for the same arguments.
    func mask<Scalar: KernelScalar>(
        named name: String, shape: Shape, dropProbability p: Double
    ) throws -> Tensor<Scalar>
}

/// Dropout masks drawn from one random stream a name.
public struct SeededMasks: MaskSource {
    public let seed: UInt64

    public init(seed: UInt64) { self.seed = seed }

    public func mask<Scalar: KernelScalar>(
        named name: String, shape: Shape, dropProbability p: Double
    ) throws -> Tensor<Scalar> {
        var stream = RandomStream(seed: seed, name: name)
        var mask = Tensor<Scalar>(uninitialized: shape)
        mask.withUnsafeMutableBufferPointer { stream.fillMask($0, dropProbability: p) }
        return mask
    }
}
