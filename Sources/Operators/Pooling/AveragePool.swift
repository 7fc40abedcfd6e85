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

    public func isLinear(in slots: [Int], of operands: Int) -> Bool { true }
    public func shape(of operands: [Shape]) throws -> Shape {
        try pooledShape(of: operands, window, roundsUp: roundsUp)
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let x = try operands[0].tensor
        return Evaluation(averaged(x, to: try shape(of: [x.shape])))
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let (kernels, shape) = (Scalar.kernels, point.shapes[0])
        let (planes, pooled) = (plane(of: shape), plane(of: cotangent.shape))
        let divided = kernels.broadcast(
            cotangent.reshaped(pooled), divisors(shape, cotangent.shape), to: pooled
        ) { $0 / $1 }
        // Every tap of a window gets the same.
        let taps = kernels.stretch(
            divided.reshaped(Shape(axes: [pooled[0], 1, pooled[1]])),
            to: Shape(axes: [pooled[0], window.count, pooled[1]]))
        var result = Tensor<Scalar>(zeros: planes)
        kernels.addBack(taps, by: unfolding(shape, cotangent.shape), into: &result)
        return ScaledTensor(result.reshaped(shape))
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> { ScaledTensor(averaged(tangent, to: point.resultShape)) }

    private func averaged<Scalar: KernelScalar>(_ x: Tensor<Scalar>, to shape: Shape) -> Tensor<Scalar> {
        let (kernels, pooled) = (Scalar.kernels, plane(of: shape))
        var taps = Tensor<Scalar>(zeros: Shape(axes: [pooled[0], window.count, pooled[1]]))
        kernels.copy(x.reshaped(plane(of: x.shape)), by: unfolding(x.shape, shape), into: &taps)
        let sums = kernels.sum(taps, to: Shape(axes: [pooled[0], 1, pooled[1]])).reshaped(pooled)
        return kernels.broadcast(sums, divisors(x.shape, shape), to: pooled) { $0 / $1 }.reshaped(shape)
    }

    /// (N·C, space).
    private func plane(of shape: Shape) -> Shape {
        Shape(axes: [shape.count(of: ..<2), shape.count(of: 2...)])
    }

    /// Every channel of every sample is one.
    private func unfolding(_ x: Shape, _ y: Shape) -> Move {
        window.unfolding(
            channels: x.count(of: ..<2), extents: Array(x.axes.dropFirst(2)),
            outputs: Array(y.axes.dropFirst(2)))
    }

    /// How many elements every window has.
    private func divisors<Scalar: KernelScalar>(_ x: Shape, _ y: Shape) -> Tensor<Scalar> {
        let row = Shape(axes: [1, y.count(of: 2...)])
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
        return Tensor(rounding: products.map(Double.init), shape: row)
    }
}

extension Operator {
    /// The shape of (N, C, space) behind a window.
    ///
    /// - Throws: `OperatorError.shapes`.
    func pooledShape(of operands: [Shape], _ window: ConvolutionWindow, roundsUp: Bool) throws -> Shape {
        try require(operands, count: 1...1)
        let extents = Array(operands[0].axes.dropFirst(2))
        guard operands[0].rank >= 2,
            let outputs = roundsUp ? window.outputsRoundedUp(of: extents) : window.outputs(of: extents)
        else {
            throw OperatorError.shapes(
                operation: name, operands: operands,
                requirement:
                    "a window of \(window.axes.map(\.kernel)) has to fit into the axes behind the channels")
        }
        return Shape(axes: operands[0].axes.prefix(2) + outputs)
    }
}

extension ConvolutionWindow {
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
