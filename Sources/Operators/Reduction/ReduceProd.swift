import Kernels
import Tensors

/// The product over some axes; ONNX `ReduceProd`. The derivative with respect to one factor is the product of the
/// others, also where some are 0.
public struct ReduceProd: Operator {
    public let axes: ReducedAxes

    public init(_ axes: ReducedAxes) { self.axes = axes }

    public var name: String { "ReduceProd" }
    public func reads(for slot: Int) -> Reads { Reads(operands: [0]) }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...1)
        return try axes.result(of: operands[0], for: self)
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        if case .whole(let whole) = operands[0] {
            let product = try axes.fold(whole, from: 1, for: self) { $0.multipliedReportingOverflow(by: $1) }
            return Evaluation(.whole(product))
        }
        let x = try operands[0].tensor
        let result = try shape(of: [x.shape])
        var products = [Double](repeating: 1, count: result.count)
        for (element, target) in zip(x.doubles, try axes.targets(in: x.shape, for: self)) {
            products[target] *= element
        }
        return Evaluation(Tensor(rounding: products, shape: result))
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let c = cotangent.reshaped(try axes.kept(in: point.shapes[0], for: self))
        let others = try others(at: point)
        return ScaledTensor(Scalar.kernels.broadcast(others, c, to: point.shapes[0]) { $0 * $1 })
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let kernels = Scalar.kernels
        let along = kernels.multiply(tangent, try others(at: point))
        return ScaledTensor(
            kernels.sum(along, to: try axes.kept(in: point.shapes[0], for: self)).reshaped(point.resultShape))
    }

    /// For every factor the product of the others: of those before it times those behind it.
    private func others<Scalar: KernelScalar>(at point: Point<Scalar>) throws -> Tensor<Scalar> {
        let (x, shape) = (try point.tensor(0).doubles, point.shapes[0])
        let targets = try axes.targets(in: shape, for: self)
        var others = [Double](repeating: 1, count: shape.count)
        for order in [Array(targets.indices), targets.indices.reversed()] {
            var products = [Double](repeating: 1, count: point.resultShape.count)
            for flat in order {
                others[flat] *= products[targets[flat]]
                products[targets[flat]] *= x[flat]
            }
        }
        return Tensor(rounding: others, shape: shape)
    }
}
