import Claims
import Graphs
import Kernels
import Operators
import ProofSupport
import ResidualNetworks
import Tensors

/// A bench that makes networks with one mistake, and the claims that must notice it.
struct Mutation: Sendable, CustomStringConvertible {
    /// What becomes of an operation of a unit that keeps the size of x_l.
    typealias Change = @Sendable (Place) -> (any Operator, [Graph.ValueID])

    /// An operation of such a unit.
    struct Place {
        let unit: ResidualModel.Unit
        let label: String
        let operation: any Operator
        let operands: [Graph.ValueID]
        /// x_l.
        let input: Graph.ValueID
        /// Whether it makes y_l.
        let isSum: Bool

        var unchanged: (any Operator, [Graph.ValueID]) { (operation, operands) }
    }

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
    init(_ description: String, flips claims: [String], operation change: @escaping Change) {
        self.init(description, flips: claims) { design, parameters in
            try Network<Double>(design, parameters: parameters).replacing {
                model, id, operation, operands in
                let label = model.graph.nodes[id].label
                let (units, shapes) = (model.model.units, model.model.rowShapes)
                guard
                    let l = units.indices.first(where: {
                        label.hasPrefix(units[$0].label + ".") && shapes[$0] == shapes[$0 + 1]
                    })
                else { return (operation, operands) }
                return change(
                    Place(
                        unit: units[l], label: label, operation: operation, operands: operands,
                        input: model.model.rows[l].values[0], isSum: units[l].results == [id]))
            }
        }
    }

    init(_ description: String, flips claims: [String], build: @escaping TestBench<Double>.Builder) {
        self.description = description
        self.claims = claims
        self.build = build
    }
}

/// x of (x, m).
struct FirstOperand: Operator {
    let name = "FirstOperand"
    func shape(of operands: [Shape]) throws -> Shape { operands[0] }
    func isDifferentiable(in slot: Int) -> Bool { slot == 0 }
    func isLinear(in slots: [Int], of operands: Int) -> Bool { true }
    func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        Evaluation(operands[0])
    }
    func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> { ScaledTensor(cotangent) }
    func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> { ScaledTensor(tangent) }
}

/// 2x + y.
struct DoublingAdd: Operator {
    let name = "DoublingAdd"
    let role = OperatorRole.sum
    func shape(of operands: [Shape]) throws -> Shape { operands[0] }
    func isLinear(in slots: [Int], of operands: Int) -> Bool { slots.count == operands }
    func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        try Add().value(of: [.real(operands[0].scaled.scaled(by: 2)), operands[1]])
    }
    func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> { ScaledTensor(cotangent, factor: slot == 0 ? 2 : 1) }
    func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> { ScaledTensor(tangent, factor: slot == 0 ? 2 : 1) }
}
