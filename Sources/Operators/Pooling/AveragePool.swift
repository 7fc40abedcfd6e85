import Kernels
import Tensors

/// The mean over every window, channel by channel; ONNX `AveragePool`.
public struct AveragePool: Operator {
    public let window: ConvolutionWindow
    /// Whether the padding counts among what is divided by.
    public let countsPadding: Bool

    public init(_ window: ConvolutionWindow, countsPadding: Bool = false) {
        self.window = window
        self.countsPadding = countsPadding
    }

    public var name: String { "AveragePool" }

    public func shape(of operands: [Shape]) throws -> Shape { try pooledShape(of: operands, window) }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let x = try operands[0].tensor
        let divisors = divisors(x.shape, to: try shape(of: [x.shape]))
        return Evaluation(Scalar.kernels.averagePool(x, window, divisors: divisors))
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let divisors = divisors(point.shapes[0], to: point.resultShape)
        return ScaledTensor(
            Scalar.kernels.averagePoolPullback(cotangent, to: point.shapes[0], window, divisors: divisors))
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let divisors = divisors(point.shapes[0], to: point.resultShape)
        return ScaledTensor(Scalar.kernels.averagePool(tangent, window, divisors: divisors))
    }

    /// How many elements every window has.
    private func divisors(_ x: Shape, to y: Shape) -> [Double] {
        let counts = window.axes.indices.map { index in
            let axis = window.axes[index]
            return (0..<y[index + 2]).map { output in
                let first = output * axis.stride - axis.before
                let taps = (0..<axis.kernel).map { first + $0 * axis.dilation }
                // A last window that stands out beyond the padding counts what is within it.
                let limit = countsPadding ? -axis.before..<x[index + 2] + axis.after : 0..<x[index + 2]
                return taps.count { limit.contains($0) }
            }
        }
        let products = counts.reduce([1]) { products, axis in products.flatMap { p in axis.map { p * $0 } } }
        return products.map(Double.init)
    }
}

extension Operator {
    /// The shape of (N, C, space) behind a window.
    ///
    /// - Throws: `OperatorError.shapes`.
    func pooledShape(of operands: [Shape], _ window: ConvolutionWindow) throws -> Shape {
        try require(operands, count: 1...1)
        try require(window)
        guard operands[0].rank >= 2, let outputs = window.outputs(of: Array(operands[0].axes.dropFirst(2)))
        else {
            throw OperatorError.shapes(
                operation: name, operands: operands,
                requirement:
                    "a window of \(window.axes.map(\.kernel)) has to fit into the axes behind the channels")
        }
        return Shape(axes: operands[0].axes.prefix(2) + outputs)
    }
}
