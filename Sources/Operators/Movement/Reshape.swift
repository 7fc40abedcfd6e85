import Kernels
import Tensors

/// The same elements in the same order under another shape; ONNX `Reshape`, `Flatten`, `Squeeze` and `Unsqueeze`.
public struct Reshape: Operator {
    private enum Target {
        case extents([Int], zeroCopies: Bool)
        case matrix(from: Int)
        case dropping([Int]?)
        case inserting([Int])
    }
    private let target: Target

    /// - Parameters:
    ///   - extents: of the result; −1, once, takes what is left.
    ///   - zeroCopies: whether 0 takes the operand's extent of that axis (ONNX `allowzero` = 0).
    public init(_ extents: [Int], zeroCopies: Bool = true) {
        target = .extents(extents, zeroCopies: zeroCopies)
    }
    private init(_ target: Target) { self.target = target }

    /// A matrix: the axes before one as rows, those from it on as columns.
    public static func flatten(from axis: Int = 1) -> Reshape { Reshape(.matrix(from: axis)) }
    /// Without some axes of extent 1, or all of them.
    public static func squeeze(_ axes: [Int]? = nil) -> Reshape { Reshape(.dropping(axes)) }
    /// With axes of extent 1, counted as in the result.
    public static func unsqueeze(_ axes: [Int]) -> Reshape { Reshape(.inserting(axes)) }

    public var name: String {
        switch target {
        case .extents: "Reshape"
        case .matrix: "Flatten"
        case .dropping: "Squeeze"
        case .inserting: "Unsqueeze"
        }
    }
    public var role: OperatorRole { .rearrangement }

    public func isLinear(in slots: [Int], of operands: Int) -> Bool { true }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...1)
        let operand = operands[0]
        switch target {
        case .extents(let extents, let zeroCopies):
            return try reshaped(operand, extents, zeroCopies: zeroCopies)
        case .matrix(let first):
            let axis = first == operand.rank ? first : try axis(first, of: operand)
            return Shape(axes: [operand.count(of: ..<axis), operand.count(of: axis...)])
        case .dropping(let axes):
            let all = 0..<operand.rank
            let gone = try axes?.map { try axis($0, of: operand) } ?? all.filter { operand[$0] == 1 }
            guard gone.allSatisfy({ operand[$0] == 1 }) else {
                throw refusal("axes", gone, of: operand, "an axis that goes has extent 1")
            }
            return Shape(axes: all.filter { !gone.contains($0) }.map { operand[$0] })
        case .inserting(let axes):
            let rank = operand.rank + axes.count
            let places = Set(axes.map { $0 < 0 ? $0 + rank : $0 })
            guard places.count == axes.count, places.allSatisfy((0..<rank).contains) else {
                throw refusal("axes", axes, of: operand, "each is one of \(rank), once")
            }
            var rest = operand.axes.makeIterator()
            return try result(
                (0..<rank).map { places.contains($0) ? 1 : rest.next() ?? 1 }, of: operands)
        }
    }

    private func reshaped(_ operand: Shape, _ extents: [Int], zeroCopies: Bool) throws -> Shape {
        func refuse(_ requirement: String) -> OperatorError {
            refusal("shape", extents, of: operand, requirement)
        }
        guard extents.count <= Shape.greatestRank else {
            throw refuse("at most \(Shape.greatestRank) axes can be")
        }
        var result = extents
        for (axis, extent) in extents.enumerated() where extent == 0 && zeroCopies {
            guard axis < operand.rank else { throw refuse("a 0 needs an axis to copy") }
            result[axis] = operand[axis]
        }
        let free = extents.firstIndex(of: -1)
        if let free { result[free] = 1 }
        guard Shape.canHold(result) else { throw refuse("the number of elements differs") }
        if let free {
            let others = result.reduce(1, *)
            guard others > 0, operand.count.isMultiple(of: others) else {
                throw refuse("no extent fits for the −1")
            }
            result[free] = operand.count / others
        }
        guard result.reduce(1, *) == operand.count else { throw refuse("the number of elements differs") }
        return Shape(axes: result)
    }

    private func refusal(
        _ attribute: String, _ value: [Int], of operand: Shape, _ requirement: String
    ) -> OperatorError {
        .attribute(
            operation: name, attribute: attribute, value: "\(value)",
            requirement: "\(requirement) with an operand of shape \(operand)")
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let shape = try shape(of: operands.map(\.shape))
        switch operands[0] {
        case .whole(let whole): return Evaluation(.whole(WholeTensor(whole.elements, shape: shape)))
        case .real(let scaled, _):
            return Evaluation(.real(scaled.replacing(tensor: scaled.tensor.reshaped(shape))))
        }
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> { ScaledTensor(cotangent.reshaped(point.shapes[0])) }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> { ScaledTensor(tangent.reshaped(point.resultShape)) }
}
