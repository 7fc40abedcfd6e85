import Foundation
import Kernels
import Tensors

/// log Σeˣ over some axes; ONNX `ReduceLogSumExp`. The greatest element is taken out of the sum, which so stays in
/// range.
public struct ReduceLogSumExp: Operator {
    public let axes: ReducedAxes

    public init(_ axes: ReducedAxes) { self.axes = axes }

    public var name: String { "ReduceLogSumExp" }
    public func reads(for slot: Int) -> Reads { Reads(operands: [0], result: true) }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...1)
        return try axes.result(of: operands[0], for: self)
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let (kernels, x) = (Scalar.kernels, try operands[0].tensor)
        let kept = try axes.kept(in: x.shape, for: self)
        // Of infinite ones none is taken out: ∞ − ∞ is no number.
        let greatest = kernels.map(kernels.largest(x, to: kept)) { $0.isInfinite ? 0 : $0 }
        let powers = kernels.broadcast(x, greatest, to: x.shape) { exp($0 - $1) }
        let sums = kernels.map(kernels.sum(powers, to: kept), greatest) { log($0) + $1 }
        return Evaluation(sums.reshaped(try shape(of: [x.shape])))
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let c = cotangent.reshaped(try axes.kept(in: point.shapes[0], for: self))
        return ScaledTensor(
            Scalar.kernels.broadcast(try shares(at: point), c, to: point.shapes[0]) { $0 * $1 })
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let kernels = Scalar.kernels
        let along = kernels.multiply(tangent, try shares(at: point))
        return ScaledTensor(
            kernels.sum(along, to: try axes.kept(in: point.shapes[0], for: self)).reshaped(point.resultShape))
    }

    /// Of every element in the sum.
    private func shares<Scalar: KernelScalar>(at point: Point<Scalar>) throws -> Tensor<Scalar> {
        let sums = try point.result.reshaped(try axes.kept(in: point.shapes[0], for: self))
        return Scalar.kernels.broadcast(try point.tensor(0), sums, to: point.shapes[0]) {
            $0 == -.infinity ? 0 : exp($0 - $1)
        }
    }
}
