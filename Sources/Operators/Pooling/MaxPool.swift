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
