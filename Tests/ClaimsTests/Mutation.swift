import Claims
import Kernels
import ProofSupport
import ResidualNetworks
import Tensors

/// A bench that makes networks with one mistake, and the claims that must notice it.
struct Mutation: Sendable, CustomStringConvertible {
    let description: String
    let claims: [String]
    let build: TestBench<Double>.Builder

    /// A mistake in the design.
    init(
        _ description: String, flips claims: [String],
        design change: @escaping @Sendable (inout NetworkDesign) -> Void
    ) {
        self.init(description, flips: claims) { design, parameters in
            var changed = design
            change(&changed)
            return try Network(changed, parameters: parameters)
        }
    }

    /// A mistake in every unit that keeps the size of x_l.
    init(
        _ description: String, flips claims: [String],
        unit change: @escaping @Sendable (ResidualUnit<Double>) -> ResidualUnit<Double>
    ) {
        self.init(description, flips: claims) { design, parameters in
            let network = try Network<Double>(design, parameters: parameters)
            let shapes = network.rowShapes(for: design.input)
            let units = network.units.enumerated().map { l, unit in
                shapes[l] == shapes[l + 1] ? change(unit) : unit
            }
            return Network(design: design, stem: network.stem, units: units, head: network.head)
        }
    }

    init(_ description: String, flips claims: [String], build: @escaping TestBench<Double>.Builder) {
        self.description = description
        self.claims = claims
        self.build = build
    }
}

extension ResidualUnit<Double> {
    func with(shortcut: any Shortcut<Double>) -> ResidualUnit {
        ResidualUnit(shortcut: shortcut, branch: branch, after: after)
    }
    func with(branch: any DifferentiableMap<Double>) -> ResidualUnit {
        ResidualUnit(shortcut: shortcut, branch: branch, after: after)
    }
    func with(after: any AfterAddition<Double>) -> ResidualUnit {
        ResidualUnit(shortcut: shortcut, branch: branch, after: after)
    }
}

/// 2c times the identity, pulled back; for a derivative that is doubled on its way down alone.
struct DoubledPullBack: Linearization {
    let right: any Linearization<Double>

    func vjp(_ cotangent: Tensor<Double>) throws -> Tensor<Double> {
        Double.kernels.scale(try right.vjp(cotangent), by: 2)
    }
    func jvp(_ tangent: Tensor<Double>) throws -> Tensor<Double> { try right.jvp(tangent) }
}
