import Kernels
import Tensors

/// y_i = φ(x_i), the same function of every element.
///
/// φ and φ′ are written once, in Double, and each element is rounded to the precision of its tensor. An operator that
/// kernels have built in calls them instead.
public protocol ElementwiseOperator: Operator {
    /// φ(x).
    func value(at x: Double) -> Double
    /// φ′(x). At a kink the value that frameworks agree on, which the type's comment says.
    func derivative(at x: Double) -> Double
    /// φ of a whole number, with whether it is none; `nil`, by default, of functions that whole numbers have not.
    func value(ofWhole x: Int) -> (partialValue: Int, overflow: Bool)?
}

extension ElementwiseOperator {
    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...1)
        return operands[0]
    }

    public func reads(for slot: Int) -> Reads { Reads(operands: [0]) }

    public func value(ofWhole x: Int) -> (partialValue: Int, overflow: Bool)? { nil }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        if case .whole(let whole) = operands[0] { return Evaluation(.whole(try value(of: whole))) }
        return Evaluation(Scalar.kernels.map(try operands[0].tensor) { value(at: $0) })
    }

    private func value(of whole: WholeTensor) throws(OperatorError) -> WholeTensor {
        var elements: [Int] = []
        elements.reserveCapacity(whole.elements.count)
        for x in whole.elements {
            guard let (result, isNone) = value(ofWhole: x) else { throw .notReal }
            guard !isNone else {
                throw .value(
                    operation: name, reason: "its result for the whole number \(x) is none of 64 bits")
            }
            elements.append(result)
        }
        return WholeTensor(elements, shape: whole.shape)
    }

    // A diagonal Jacobian is its own transpose.

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        // What nothing flows back into stays 0 where the derivative is infinite.
        ScaledTensor(
            Scalar.kernels.map(cotangent, try point.tensor(0)) { $0 == 0 ? 0 : $0 * derivative(at: $1) })
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> { try vjp(tangent, to: slot, at: point) }
}
