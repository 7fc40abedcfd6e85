import Kernels
import Tensors

/// αA·B + βC, A and B perhaps transposed, C stretched to the product or missing; ONNX `Gemm`.
public struct Gemm: Operator {
    public let alpha: Double
    public let beta: Double
    private let product: TransposableProduct

    public init(
        alpha: Double = 1, beta: Double = 1, transposesFirst: Bool = false, transposesSecond: Bool = false
    ) {
        self.alpha = alpha
        self.beta = beta
        product = TransposableProduct(transposesFirst: transposesFirst, transposesSecond: transposesSecond)
    }

    public var transposesFirst: Bool { product.transposesFirst }
    public var transposesSecond: Bool { product.transposesSecond }
    public var name: String { "Gemm" }
    public var role: OperatorRole { .product(slots: [0, 1]) }
    public func reads(for slot: Int) -> Reads { Reads(operands: slot < 2 ? [1 - slot] : []) }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 2...3)
        let (a, b) = (operands[0], operands[1])
        func refuse(_ requirement: String) -> OperatorError {
            .shapes(operation: name, operands: operands, requirement: requirement)
        }
        guard a.rank == 2, b.rank == 2 else { throw refuse("the first two have to be matrices") }
        let (rows, columns, summed) = product.extents(a, b)
        guard summed.0 == summed.1 else {
            throw refuse("the columns of the first have to be the rows of the second")
        }
        let shape = try result([rows, columns], of: operands)
        if operands.count > 2, Shape.broadcast(operands[2], shape) != shape {
            throw refuse("the third has to stretch to the product \(shape)")
        }
        return shape
    }

    public func multiplyAdds(of operands: [Shape]) -> Int {
        guard let result = try? shape(of: operands) else { return 0 }
        return Shape.boundedProduct(result.count, operands[0][transposesFirst ? 0 : 1])
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let shape = try shape(of: operands.map(\.shape))
        let kernels = Scalar.kernels
        let product = try product.value(operands[0].tensor, operands[1].tensor)
        guard operands.count > 2 else { return Evaluation(kernels.scale(product, by: alpha)) }
        return Evaluation(
            kernels.combine(product, alpha, kernels.stretch(try operands[2].tensor, to: shape), beta))
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let kernels = Scalar.kernels
        guard slot < 2 else {
            return ScaledTensor(kernels.sum(cotangent, to: point.shapes[2]), factor: beta)
        }
        let pulled = try product.vjp(cotangent, to: slot, beside: point.tensor(1 - slot))
        return ScaledTensor(pulled, factor: alpha)
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let kernels = Scalar.kernels
        guard slot < 2 else {
            return ScaledTensor(kernels.stretch(tangent, to: point.resultShape), factor: beta)
        }
        let pushed = try product.jvp(tangent, from: slot, beside: point.tensor(1 - slot))
        return ScaledTensor(pushed, factor: alpha)
    }
}
