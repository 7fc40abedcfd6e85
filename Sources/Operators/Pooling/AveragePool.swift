import Kernels
import Tensors

/// The mean over every window, channel by channel; ONNX `AveragePool`.
public struct AveragePool: Operator {
    public let window: ConvolutionWindow
    /// Whether the padding counts among what is divided by.
    public let countsPadding: Bool
    /// Whether a last window counts that stands out (ONNX `ceil_mode`).
    public let roundsUp: Bool

    public init(_ window: ConvolutionWindow, countsPadding: Bool = false, roundsUp: Bool = false) {
        self.window = window
        self.countsPadding = countsPadding
        self.roundsUp = roundsUp
    }

    public var name: String { "AveragePool" }
    public var slidingWindow: ConvolutionWindow? { window }

    public func isLinear(in slots: [Int], of operands: Int) -> Bool { true }
    public func shape(of operands: [Shape]) throws -> Shape {
        try pooledShape(of: operands, window, roundsUp: roundsUp)
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let x = try operands[0].tensor
        let divisors = divisors(x.shape, to: try shape(of: [x.shape]))
        return Evaluation(
            Scalar.kernels.averagePool(
                x, window.covering(x.shape, to: try shape(of: [x.shape])), divisors: divisors))
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let divisors = divisors(point.shapes[0], to: point.resultShape)
        return ScaledTensor(
            Scalar.kernels.averagePoolPullback(
                cotangent, to: point.shapes[0], window.covering(point.shapes[0], to: point.resultShape),
                divisors: divisors))
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let divisors = divisors(point.shapes[0], to: point.resultShape)
        return ScaledTensor(
            Scalar.kernels.averagePool(
                tangent, window.covering(point.shapes[0], to: point.resultShape), divisors: divisors))
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
    func pooledShape(of operands: [Shape], _ window: ConvolutionWindow, roundsUp: Bool) throws -> Shape {
        try require(operands, count: 1...1)
        try require(window)
        let extents = Array(operands[0].axes.dropFirst(2))
        guard operands[0].rank >= 2,
            let outputs = roundsUp ? window.outputsRoundedUp(of: extents) : window.outputs(of: extents)
        else {
            throw OperatorError.shapes(
                operation: name, operands: operands,
                requirement:
                    "a window of \(window.axes.map(\.kernel)) has to fit into the axes behind the channels")
        }
        return try result(operands[0].axes.prefix(2) + outputs, of: operands)
    }
}

extension ConvolutionWindow {
    /// The same with as much padding behind as makes room for the last of so many places.
    func covering(_ x: Shape, to y: Shape) -> ConvolutionWindow {
        ConvolutionWindow(
            axes.enumerated().map { index, axis in
                var axis = axis
                let needed = (y[index + 2] - 1) * axis.stride + axis.reach - x[index + 2] - axis.before
                axis.after = max(axis.after, needed)
                return axis
            })
    }

    /// Places of the window where the last one may stand out beyond the padding, as long as it does not begin there.
    ///
    /// - Returns: `nil` where there is none.
    fileprivate func outputsRoundedUp(of extents: [Int]) -> [Int]? {
        guard extents.count == axes.count, axes.allSatisfy(\.isPossible) else { return nil }
        let outputs = zip(extents, axes).map { extent, axis in
            let left = extent + axis.before + axis.after - axis.reach
            guard left > -axis.stride else { return 0 }
            let steps = (left + axis.stride - 1) / axis.stride
            return steps * axis.stride < extent + axis.before ? steps + 1 : steps
        }
        return outputs.contains(0) ? nil : outputs
    }
}
