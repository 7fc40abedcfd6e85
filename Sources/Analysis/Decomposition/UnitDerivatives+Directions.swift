import Kernels
import NumericalMethods
import ResidualNetworks
import Tensors

// One unit's derivative D (H + J) as a whole, and that of its shortcut path alone, with carried exponents.
extension UnitDerivatives {
    /// D H t.
    func pushForwardDirect(_ tangent: ScaledTensor<Scalar>) throws -> ScaledTensor<Scalar> {
        try after.pushForward(try shortcut.pushForward(tangent))
    }

    /// D (H + J) t.
    func pushForward(_ tangent: ScaledTensor<Scalar>) throws -> ScaledTensor<Scalar> {
        let sum = try shortcut.pushForward(tangent).adding(try branch.pushForward(tangent))
        return try after.pushForward(sum.tensor)
    }

    /// (H + J)ᵀ Dᵀ c.
    func pullBack(_ cotangent: ScaledTensor<Scalar>) throws -> ScaledTensor<Scalar> {
        let atY = try after.pullBack(cotangent)
        let branch = try branch.pullBack(atY)
        return try shortcut.pullBack(atY).adding(branch).tensor
    }
}

extension ScaledTensor where Scalar: KernelScalar {
    /// The sum of two, kept in range, in this one's memory where nobody else holds it; with log10 of its norm.
    consuming func adding(
        _ other: ScaledTensor<Scalar>
    ) -> (tensor: ScaledTensor<Scalar>, log10Norm: Double?) {
        // A tensor that its scale makes 0 has no say.
        let exponent =
            other.isScaledToZero
            ? self.exponent : self.isScaledToZero ? other.exponent : max(self.exponent, other.exponent)
        let coefficient = self.coefficient(relativeTo: exponent)
        let tensor = self.tensor
        _ = consume self
        let (sum, squares) = Scalar.kernels.combineMeasured(
            consume tensor, coefficient, other.tensor, other.coefficient(relativeTo: exponent))
        var result = ScaledTensor(sum, exponent: exponent)
        let log10Norm = result.log10Norm(squaredNorm: squares)
        result.keepInRange(squaredNorm: squares)
        return (result, log10Norm)
    }

    /// The inner product with a tensor, whatever the scale.
    func inner(with other: Tensor<Scalar>) -> ScaledNumber {
        ScaledNumber(Scalar.kernels.dot(tensor, other) * factor, exponent: exponent)
    }

    /// log10 of the norm; `nil` for 0.
    var log10Norm: Double? { log10Norm(squaredNorm: Scalar.kernels.sumOfSquares(tensor)) }
}

extension Tensor where Scalar: KernelScalar {
    /// A random direction of about unit norm in the space of this tensor.
    func randomDirection(seed: UInt64, name: String) -> Tensor {
        var stream = RandomStream(seed: seed, name: name)
        // Any order of independent numbers will do, but padding channels must stay 0.
        var noise = Tensor(uninitialized: shape, block: isPadded ? 1 : block)
        noise.withUnsafeMutableBufferPointer {
            stream.fillNormals($0, standardDeviation: 1 / Double(shape.count).squareRoot())
        }
        return noise.reblocked(to: block)
    }
}
