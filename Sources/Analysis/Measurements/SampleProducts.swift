import Foundation
import Kernels
import Tensors

/// Inner products between samples of a gradient: of one tensor, or of all of a state under one scale.
struct SampleProducts<Scalar: KernelScalar> {
    private let parts: [(tensor: Tensor<Scalar>, weight: Double)]
    /// Number of samples.
    let count: Int

    init(_ gradients: [ScaledTensor<Scalar>]) {
        let scale = gradients.filter { !$0.isScaledToZero }.map(\.exponent).max() ?? 0
        parts = gradients.map { ($0.tensor, pow($0.coefficient(relativeTo: scale), 2)) }
        count = gradients.map(\.tensor.shape.batch).min() ?? 0
    }

    /// ⟨g_i, g_j⟩, times one number for all pairs.
    func callAsFunction(_ i: Int, _ j: Int) -> Double {
        parts.reduce(0) { sum, part in
            sum + part.weight * Scalar.kernels.dot(sample: i, of: part.tensor, sample: j, of: part.tensor)
        }
    }
}
