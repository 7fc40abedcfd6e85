import Kernels
import Tensors

/// Products of operands, summed over the axes that the result has not, as an equation such as `bij,bjk->bik` says; ONNX
/// `Einsum`.
///
/// It is linear in each operand. Its derivative with respect to one is the same sum with the cotangent in that operand's
/// place, and that operand's axes for a result.
public struct Einsum: Operator {
    public let equation: String
    private let parsed: EinsumEquation

    /// - Throws: `OperatorError.attribute`.
    public init(_ equation: String) throws(OperatorError) {
        self.equation = equation
        do { parsed = try EinsumEquation(equation) } catch {
            throw .attribute(
                operation: "Einsum", attribute: "equation", value: equation, requirement: error.requirement)
        }
    }

    public var name: String { "Einsum" }
    public var role: OperatorRole {
        parsed.operands.count > 1
            ? .product(slots: Array(parsed.operands.indices)) : parsed.isPermutation ? .rearrangement : .other
    }
    public func reads(for slot: Int) -> Reads {
        Reads(operands: Set(parsed.operands.indices.filter { $0 != slot }))
    }

    public func shape(of operands: [Shape]) throws -> Shape {
        let resolved = try resolved(operands)
        return try result(resolved.result.map { resolved.extents[$0] ?? 1 }, of: operands)
    }

    private func resolved(_ operands: [Shape]) throws -> EinsumEquation.Resolved {
        let count = parsed.operands.count
        try require(operands, count: count...count)
        guard let resolved = parsed.resolved(operands) else {
            throw OperatorError.shapes(
                operation: name, operands: operands,
                requirement: "by \(equation) axes of one letter have one extent")
        }
        return resolved
    }

    public func multiplyAdds(of operands: [Shape]) -> Int {
        guard let resolved = try? resolved(operands) else { return 0 }
        return Contraction(extents: resolved.extents).multiplyAdds(
            of: resolved.operands.map(\.labels), keeping: Set(resolved.result))
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        Evaluation(try product(of: try operands.map { try $0.tensor }))
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        ScaledTensor(
            try product(of: try point.shapes.indices.map { $0 == slot ? tangent : try point.tensor($0) }))
    }

    private func product<Scalar: KernelScalar>(of operands: [Tensor<Scalar>]) throws -> Tensor<Scalar> {
        let shapes = operands.map(\.shape)
        let (shape, resolved) = (try shape(of: shapes), try resolved(shapes))
        let contraction = Contraction(extents: resolved.extents)
        let product = try contraction.product(
            of: zip(operands, resolved.operands).map { Term(tensor: $0, places: $1) },
            keeping: Set(resolved.result))
        return contraction.arranged(product, by: resolved.result).reshaped(shape)
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let resolved = try resolved(point.shapes)
        let contraction = Contraction(extents: resolved.extents)
        var terms = [
            Term(tensor: cotangent, places: Labelled(resolved.result, extents: resolved.extents))
        ]
        for other in resolved.operands.indices where other != slot {
            terms.append(Term(tensor: try point.tensor(other), places: resolved.operands[other]))
        }
        let own = resolved.operands[slot]
        let product = try contraction.product(of: terms, keeping: Set(own.labels))
        // An axis that was summed by itself gets the same everywhere, and beside a diagonal there is nothing.
        var pulled = Tensor<Scalar>(zeros: point.shapes[slot])
        Scalar.kernels.copy(
            product.tensor, by: contraction.move(own.labels, from: product.places, to: own), into: &pulled)
        return ScaledTensor(pulled)
    }
}
