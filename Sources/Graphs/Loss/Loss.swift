import Kernels
import Tensors

/// E, a number that follows from a graph's output: what derivatives start from.
public enum Loss: Sendable, Hashable {
    /// Softmax cross-entropy, −log of the label's probability: the mean over all labels that are not `Labels.ignored`.
    ///
    /// The shape of the labels decides along which axis the classes lie: the last one if it is that of the logits without
    /// their last axis, as (N) of (N, classes) and (N, T) of (N, T, classes); axis 1 if it is that of the logits without
    /// axis 1, as (N, H, W) of (N, classes, H, W). Where both fit, the last axis counts. Of maps, axes of extent 1 at the end
    /// may be missing: (N) fits (N, classes, 1, 1).
    case crossEntropy(Labels)
    /// ⟨c, output⟩, for outputs that are no logits. In row-major order c_i = 2u/2⁵³ − 1 with u the upper 53 bits of number
    /// i + 1 that splitmix64 gives from the seed; in Float rounded to that.
    case cotangent(seed: UInt64)

    /// E and ∂E/∂output.
    ///
    /// Computed in double precision whatever the output's is, and then every element of the cotangent is rounded once. Does
    /// not depend on the number of threads. The cotangent carries a scale where every sample is classified so surely that
    /// its elements would be too small for the type. Where the output is not finite the loss need not be either.
    ///
    /// - Throws: `LossError`.
    public func evaluate<Scalar: KernelScalar>(
        at output: Tensor<Scalar>
    ) throws(LossError) -> (loss: Double, cotangent: ScaledTensor<Scalar>) {
        switch self {
        case .crossEntropy(let labels): return try CrossEntropy(labels, at: output).evaluate()
        case .cotangent(let seed):
            let cotangent = Tensor<Scalar>(signedUniforms: seed, shape: output.shape)
            return (Scalar.kernels.dot(cotangent, output), ScaledTensor(cotangent))
        }
    }

    /// E alone; of cross-entropy without memory as large as the output.
    ///
    /// - Throws: `LossError`.
    public func value<Scalar: KernelScalar>(at output: Tensor<Scalar>) throws(LossError) -> Double {
        guard case .crossEntropy(let labels) = self else { return try evaluate(at: output).loss }
        return try CrossEntropy(labels, at: output).loss()
    }
}
