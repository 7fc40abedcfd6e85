import Kernels
import ResidualNetworks
import Tensors

/// A map's linearization held against the map itself and against its own other direction.
public struct DerivativeCheck {
    /// ‖Jv − finite difference‖ over the larger, with non-uniform v.
    public let finiteDifferenceError: Double
    /// |⟨Jv, u⟩ − ⟨v, Jᵀu⟩| / max(‖Jv‖·‖u‖, ‖v‖·‖Jᵀu‖), with non-uniform u.
    public let adjointError: Double
    /// J(av + bw) against aJv + bJw, and the same for Jᵀ: the larger of the two.
    public let linearityError: Double
    /// f(ax + by) against af(x) + bf(y); 0 unless the map calls itself linear.
    public let mapLinearityError: Double
    /// The value has the shape that was announced.
    public let hasAnnouncedShape: Bool

    /// - Parameters:
    ///   - step: of the finite difference, relative to the size of x; the difference is of fourth order.
    ///   - pass: makes a fresh forward pass, the same each time.
    public init(
        _ map: any DifferentiableMap<Double>, at x: Tensor<Double>, seed: UInt64, step: Double = 1e-4,
        pass: () -> ForwardPass
    ) throws {
        func value(_ x: Tensor<Double>) throws -> Tensor<Double> { try map.linearize(x, in: pass()).tensor }
        let linearized = try map.linearize(x, in: pass())
        let y = linearized.tensor
        hasAnnouncedShape = y.shape == map.outputShape(for: x.shape)
        let J = linearized.derivative

        let v: Tensor<Double> = randomTensor(x.shape, seed: seed, name: "tangent", block: x.block)
        let w: Tensor<Double> = randomTensor(x.shape, seed: seed, name: "other tangent", block: x.block)
        let u: Tensor<Double> = randomTensor(y.shape, seed: seed, name: "cotangent", block: y.block)
        let z: Tensor<Double> = randomTensor(y.shape, seed: seed, name: "other cotangent", block: y.block)
        let (jv, jtu) = (try J.pushForward(ScaledTensor(v)).plain, try J.pullBack(ScaledTensor(u)).plain)

        func difference(_ h: Double) throws -> Tensor<Double> {
            combination(1, try value(combination(1, x, h, v)), -1, try value(combination(1, x, -h, v)))
        }
        // (8(f(x+h) − f(x−h)) − (f(x+2h) − f(x−2h))) / 12h.
        finiteDifferenceError = relativeError(
            jv, combination(8 / (12 * step), try difference(step), -1 / (12 * step), try difference(2 * step)))
        let size = max(norm(jv) * norm(u), norm(v) * norm(jtu))
        adjointError = size == 0 ? 0 : abs(inner(jv, u) - inner(v, jtu)) / size
        linearityError = max(
            relativeError(
                try J.jvp(combination(0.7, v, -1.3, w)), combination(0.7, try J.jvp(v), -1.3, try J.jvp(w))),
            relativeError(
                try J.vjp(combination(0.7, u, -1.3, z)), combination(0.7, try J.vjp(u), -1.3, try J.vjp(z))))
        mapLinearityError =
            map.isLinear
            ? relativeError(
                try value(combination(0.7, x, -1.3, w)), combination(0.7, y, -1.3, try value(w))) : 0
    }
}
