import Kernels
import Tensors

/// The largest element of every window, channel by channel, and of equal ones the first; ONNX `MaxPool`. The padding is
/// never the largest.
public struct MaxPool: Operator {
    public let window: ConvolutionWindow
    /// Whether a last window counts that stands out (ONNX `ceil_mode`).
    public let roundsUp: Bool

    public init(_ window: ConvolutionWindow, roundsUp: Bool = false) {
        self.window = window
        self.roundsUp = roundsUp
    }

    public var name: String { "MaxPool" }
    public var slidingWindow: ConvolutionWindow? { window }

    public func shape(of operands: [Shape]) throws -> Shape {
        let result = try pooledShape(of: operands, window, roundsUp: roundsUp)
        // Which tap was chosen is kept in two bytes.
        guard window.count <= 1 << 16 else {
            throw OperatorError.attribute(
                operation: name, attribute: "kernel_shape", value: "\(window.axes.map(\.kernel))",
                requirement: "a window has at most 65536 elements")
        }
        for (index, axis) in window.axes.enumerated() {
            let seesNone = (0..<result[index + 2]).contains { output in
                !(0..<axis.kernel).contains {
                    (0..<operands[0][index + 2]).contains(
                        output * axis.stride - axis.before + $0 * axis.dilation)
                }
            }
            guard !seesNone else {
                throw OperatorError.attribute(
                    operation: name, attribute: "pads", value: "\([axis.before, axis.after])",
                    requirement: "every window has to see an element of the operand of shape \(operands[0])")
            }
        }
        return result
    }

    /// Two bytes for every element: half of one, at most.
    public func residueElements(of operands: [Shape]) -> Int {
        ((try? shape(of: operands))?.count ?? 0) / 2
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let x = try operands[0].tensor
        let covering = window.covering(x.shape, to: try shape(of: [x.shape]))
        let (pooled, choice) = Scalar.kernels.maxPool(x, covering)
        return Evaluation(pooled, residue: choice)
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        ScaledTensor(
            Scalar.kernels.maxPoolPullback(cotangent, try point.residue(as: PoolingChoice.self)))
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        ScaledTensor(
            Scalar.kernels.maxPoolPushforward(tangent, try point.residue(as: PoolingChoice.self)))
    }
}

/// The largest of some axes, and of equal ones the first; ONNX `ReduceMax`, and over `ReducedAxes.space` `GlobalMaxPool`.
///
/// PyTorch's `amax` divides the derivative among equal ones; its `max` takes one, as here.
public struct ReduceMax: Choice {
    public let axes: ReducedAxes

    public init(_ axes: ReducedAxes) { self.axes = axes }

    public var name: String { "ReduceMax" }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...1)
        return try axes.result(of: operands[0], for: self)
    }

    public func candidates(of shape: Shape, to result: Shape) throws -> [[Int]] {
        let strides = try axes.kept(in: shape, for: self).strides(stretchedTo: shape)
        let own = shape.strides
        var candidates = [[Int]](repeating: [], count: result.count)
        for flat in 0..<shape.count {
            let target = (0..<shape.rank).reduce(0) { $0 + flat / own[$1] % shape[$1] * strides[$1] }
            candidates[target].append(flat)
        }
        return candidates
    }
}

/// An operation each element of whose result is the largest of some elements of its operand. Its derivative is that of
/// taking the element that was chosen.
public protocol Choice: MovingOperator {
    /// For every element of the result, those that it is chosen from, in row-major order of both.
    func candidates(of shape: Shape, to result: Shape) throws -> [[Int]]
}

extension Choice {
    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let x = try operands[0].tensor
        let result = try shape(of: [x.shape])
        let elements = x.doubles
        let chosen = try candidates(of: x.shape, to: result).map { candidates in
            candidates.dropFirst().reduce(candidates.first) { best, next in
                guard let best else { return next }
                // A NaN is taken before any number.
                return elements[next] > elements[best] || elements[next].isNaN && !elements[best].isNaN
                    ? next : best
            }
        }
        guard !chosen.contains(nil) else {
            throw OperatorError.value(operation: name, reason: "there is a largest element of none")
        }
        let move = Move(source: chosen, target: Array(chosen.indices))
        var target = Tensor<Scalar>(uninitialized: result)
        Scalar.kernels.copy(x, by: move, into: &target)
        return Evaluation(target, residue: [move] as [Move?])
    }
}
