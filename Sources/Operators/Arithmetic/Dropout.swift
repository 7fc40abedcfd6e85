import Kernels
import Tensors

/// x∘m/(1 − p) with a mask m of zeros and ones (Srivastava et al., 2014); ONNX `Dropout` of a network that trains. Without
/// the division it is the dropout of a shortcut whose expectation is meant to shrink.
///
/// The mask is the second operand, an input of the graph under a name: who evaluates the graph draws it, from a seed and
/// that name, so that an operator stays a function of its operands alone and masks depend on no order of evaluation. It is
/// no signal, which a `Mul` would take it for. A mask that stretches along an axis drops whole channels, or samples
/// (stochastic depth). A network that does not train has `Identity` here.
public struct Dropout: Operator {
    /// p, from 0 on and below 1.
    public let dropProbability: Double
    /// Whether what is kept is divided by 1 − p.
    public let rescales: Bool

    public init(dropProbability: Double, rescales: Bool = true) {
        self.dropProbability = dropProbability
        self.rescales = rescales
    }

    public var name: String { "Dropout" }
    public func isDifferentiable(in slot: Int) -> Bool { slot == 0 }
    public func reads(for slot: Int) -> Reads { Reads(operands: [1]) }

    public func shape(of operands: [Shape]) throws -> Shape {
        guard (0..<1).contains(dropProbability) else {
            throw OperatorError.attribute(
                operation: name, attribute: "ratio", value: "\(dropProbability)",
                requirement: "a probability below 1 is needed")
        }
        guard try broadcastShape(of: operands) == operands[0] else {
            throw OperatorError.shapes(
                operation: name, operands: operands, requirement: "the mask has to stretch to the first")
        }
        return operands[0]
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        _ = try shape(of: operands.map(\.shape))
        return Evaluation(.real(try Mul().value(of: operands).value.scaled.scaled(by: factor)))
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        guard isDifferentiable(in: slot) else {
            throw OperatorError.notDifferentiable(operation: name, slot: slot)
        }
        return try Mul().vjp(cotangent, to: slot, at: point).scaled(by: factor)
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> { try vjp(tangent, to: slot, at: point) }

    private var factor: Double { rescales ? 1 / (1 - dropProbability) : 1 }
}
