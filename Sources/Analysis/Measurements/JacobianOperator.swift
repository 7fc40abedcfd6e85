import Kernels
import ResidualNetworks
import Tensors

/// ∂x_to/∂x_from as a linear map in both directions, with carried exponents.
struct JacobianOperator<Scalar: KernelScalar> {
    let forward: ForwardTrace<Scalar>
    let from: Int
    let to: Int
    /// Called after every unit passed.
    let progress: () -> Void

    /// ∏ D (H + J) v.
    func apply(_ v: Tensor<Scalar>) throws -> ScaledTensor<Scalar> {
        try push(v) { try $0.pushForward($1) }
    }

    /// ∏ D H v, the shortcuts alone.
    func applyDirect(_ v: Tensor<Scalar>) throws -> ScaledTensor<Scalar> {
        try push(v) { unit, tangent in
            var result = try unit.pushForwardDirect(tangent)
            if result.tensor.identity != tangent.tensor.identity {
                result.keepInRange()
            }
            return result
        }
    }

    /// The transpose, applied to u.
    func applyTransposed(_ u: Tensor<Scalar>) throws -> ScaledTensor<Scalar> {
        try (from..<to).reversed().reduce(ScaledTensor(u)) { cotangent, unit in
            defer { progress() }
            return try forward.derivatives(of: unit).pullBack(cotangent)
        }
    }

    private func push(
        _ v: Tensor<Scalar>,
        _ step: (UnitDerivatives<Scalar>, ScaledTensor<Scalar>) throws -> ScaledTensor<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        try (from..<to).reduce(ScaledTensor(v)) { tangent, unit in
            defer { progress() }
            return try step(forward.derivatives(of: unit), tangent)
        }
    }
}
