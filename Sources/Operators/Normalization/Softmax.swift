import Foundation
import Kernels
import Tensors

/// eˣ over its sum along an axis, or the logarithm of that; ONNX `Softmax` and `LogSoftmax` from opset 13 on.
public struct Softmax: Operator {
    public let axis: Int
    public let isLogarithmic: Bool

    public init(axis: Int = -1, isLogarithmic: Bool = false) {
        self.axis = axis
        self.isLogarithmic = isLogarithmic
    }

    public var name: String { isLogarithmic ? "LogSoftmax" : "Softmax" }
    public func reads(for slot: Int) -> Reads { Reads(result: true) }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...1)
        _ = try axis(axis, of: operands[0])
        return operands[0]
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let x = try operands[0].tensor
        let (kernels, sums) = (Scalar.kernels, try summed(x.shape))
        let shifted = kernels.broadcast(x, kernels.largest(x, to: sums), to: x.shape) {
            // Where all are −∞ there is nothing to divide.
            $1 == -.infinity ? $0 : $0 - $1
        }
        let total = kernels.sum(kernels.map(shifted) { exp($0) }, to: sums)
        return Evaluation(
            kernels.broadcast(shifted, total, to: x.shape) { [isLogarithmic] in
                isLogarithmic ? $0 - log($1) : exp($0) / $1
            })
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let (kernels, y, sums) = (Scalar.kernels, try point.result, try summed(point.resultShape))
        guard isLogarithmic else { return ScaledTensor(try symmetric(cotangent, at: point)) }
        // c − p Σ c.
        let probabilities = kernels.map(y) { exp($0) }
        let part = kernels.broadcast(probabilities, kernels.sum(cotangent, to: sums), to: y.shape) { $0 * $1 }
        return ScaledTensor(kernels.combine(cotangent, 1, part, -1))
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let (kernels, y, sums) = (Scalar.kernels, try point.result, try summed(point.resultShape))
        guard isLogarithmic else { return ScaledTensor(try symmetric(tangent, at: point)) }
        // t − Σ p t.
        let mean = kernels.sum(kernels.map(y, tangent) { exp($0) * $1 }, to: sums)
        return ScaledTensor(kernels.broadcast(tangent, mean, to: y.shape) { $0 - $1 })
    }

    /// p∘(v − Σ p v): the Jacobian of a softmax is symmetric.
    private func symmetric<Scalar: KernelScalar>(
        _ v: Tensor<Scalar>, at point: Point<Scalar>
    ) throws -> Tensor<Scalar> {
        let (kernels, p) = (Scalar.kernels, try point.result)
        let mean = kernels.sum(kernels.multiply(v, p), to: try summed(p.shape))
        return kernels.multiply(kernels.broadcast(v, mean, to: p.shape) { $0 - $1 }, p)
    }

    private func summed(_ shape: Shape) throws -> Shape {
        var sums = shape
        sums[try axis(axis, of: shape)] = 1
        return sums
    }
}
