import Kernels
import Tensors

/// αA·B + βC, A and B perhaps transposed, C stretched to the product or missing; ONNX `Gemm`.
public struct Gemm: Operator {
    public let alpha: Double
    public let beta: Double
    public let transposesFirst: Bool
    public let transposesSecond: Bool

    public init(
        alpha: Double = 1, beta: Double = 1, transposesFirst: Bool = false, transposesSecond: Bool = false
    ) {
        self.alpha = alpha
        self.beta = beta
        self.transposesFirst = transposesFirst
        self.transposesSecond = transposesSecond
    }

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
        guard a[transposesFirst ? 0 : 1] == b[transposesSecond ? 1 : 0] else {
            throw refuse("the columns of the first have to be the rows of the second")
        }
        let shape = Shape(axes: [a[transposesFirst ? 1 : 0], b[transposesSecond ? 0 : 1]])
        if operands.count > 2, Shape.broadcast(operands[2], shape) != shape {
            throw refuse("the third has to stretch to the product \(shape)")
        }
        return shape
    }

    public func multiplyAdds(of operands: [Shape]) -> Int {
        guard let result = try? shape(of: operands) else { return 0 }
        return result.count * operands[0][transposesFirst ? 0 : 1]
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let shape = try shape(of: operands.map(\.shape))
        let kernels = Scalar.kernels
        let product = try kernels.matrixProducts(
            operands[0].tensor, operands[1].tensor, transposingFirst: transposesFirst,
            transposingSecond: transposesSecond)
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
        let other = try point.tensor(1 - slot)
        // Of A·B it is C·Bᵀ and Aᵀ·C; of a transposed operand the transpose of that.
        let pulled =
            switch (slot, slot == 0 ? transposesFirst : transposesSecond) {
            case (0, false):
                try kernels.matrixProducts(cotangent, other, transposingSecond: !transposesSecond)
            case (0, true):
                try kernels.matrixProducts(
                    other, cotangent, transposingFirst: transposesSecond, transposingSecond: true)
            case (_, false):
                try kernels.matrixProducts(other, cotangent, transposingFirst: !transposesFirst)
            case (_, true):
                try kernels.matrixProducts(
                    cotangent, other, transposingFirst: true, transposingSecond: transposesFirst)
            }
        return ScaledTensor(pulled, factor: alpha)
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let kernels = Scalar.kernels
        guard slot < 2 else {
            return ScaledTensor(kernels.stretch(tangent, to: point.resultShape), factor: beta)
        }
        let other = try point.tensor(1 - slot)
        let pushed = try kernels.matrixProducts(
            slot == 0 ? tangent : other, slot == 0 ? other : tangent, transposingFirst: transposesFirst,
            transposingSecond: transposesSecond)
        return ScaledTensor(pushed, factor: alpha)
    }
}
