import Kernels
import Tensors

/// x itself; ONNX `Identity`, and `Dropout` of a network that does not train.
public struct Identity: Operator {
    public let name: String

    public init(name: String = "Identity") { self.name = name }

    public var role: OperatorRole { .identity }
    public func isLinear(in slots: [Int], of operands: Int) -> Bool { true }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...1)
        return operands[0]
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        Evaluation(operands[0])
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> { ScaledTensor(cotangent) }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> { ScaledTensor(tangent) }
}
