import Kernels
import Tensors

/// The same elements in the same order under another shape; ONNX `Reshape`, and with the shape worked out `Flatten`,
/// `Squeeze` and `Unsqueeze`.
public struct Reshape: Operator {
    /// Of the result: 0 takes the operand's extent of that axis, −1, once, what is left.
    public let axes: [Int]
    public let name: String
    public var role: OperatorRole { .rearrangement }

    public init(_ axes: [Int], name: String = "Reshape") {
        self.axes = axes
        self.name = name
    }

    public func isLinear(in slots: [Int], of operands: Int) -> Bool { true }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...1)
        let operand = operands[0]
        func refuse(_ requirement: String) -> OperatorError {
            .attribute(
                operation: name, attribute: "shape", value: "\(axes)",
                requirement: "\(requirement) with an operand of shape \(operand)")
        }
        guard axes.count <= Shape.greatestRank else {
            throw refuse("at most \(Shape.greatestRank) axes can be")
        }
        var result = axes
        for (axis, extent) in axes.enumerated() where extent == 0 {
            guard axis < operand.rank else { throw refuse("a 0 needs an axis to copy") }
            result[axis] = operand[axis]
        }
        if let free = axes.firstIndex(of: -1) {
            result[free] = 1
            let others = result.reduce(1, *)
            guard others > 0, operand.count.isMultiple(of: others) else {
                throw refuse("no extent fits for the −1")
            }
            result[free] = operand.count / others
        }
        guard result.allSatisfy({ $0 >= 0 }), result.reduce(1, *) == operand.count else {
            throw refuse("the number of elements differs")
        }
        return Shape(axes: result)
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
