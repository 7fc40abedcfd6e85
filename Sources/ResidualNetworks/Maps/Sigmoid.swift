import Foundation
import Kernels
import Tensors

/// σ(x) = 1/(1 + e^{−x}), with σ′ = σ·(1 − σ).
///
/// A gate may be so nearly shut that σ(x) is less than the type's smallest number (σ(−200) ≈ 1e−87 in Float): the value
/// and the derivative carry a scale then.
public struct Sigmoid<Scalar: KernelScalar>: DifferentiableMap {
    public init() {}
    public func keptElements(for input: Shape) -> Int { input.count }

    public func linearize(_ x: Tensor<Scalar>, in pass: ForwardPass) -> Linearized<Scalar> {
        let value = sigmoid(x)
        // 1 − σ(x) = σ(−x): no cancellation where the gate is nearly open.
        let complement = sigmoid(Scalar.kernels.scale(x, by: -1))
        return Linearized(
            value: value, derivative: DiagonalLinearization(scaledDiagonal: value.multiplied(by: complement)))
    }

    /// Below this, numbers of Float begin to lose digits, which is not far from it.
    private static var smallestWithoutScale: Double { exp(-60) }

    private func sigmoid(_ x: Tensor<Scalar>) -> ScaledTensor<Scalar> {
        let kernels = Scalar.kernels
        let value = kernels.sigmoid(x, offset: 0)
        // Then every element is below it.
        guard kernels.sumOfSquares(value) < Self.smallestWithoutScale * Self.smallestWithoutScale,
            let largest = x.elements.max(), largest.isFinite
        else { return ScaledTensor(value) }
        // A whole number, so that x + offset is exact where it matters, near 0.
        let offset = Double(-largest).rounded(.down)
        return ScaledTensor(kernels.sigmoid(x, offset: offset), naturalLogarithm: -offset)
    }
}
