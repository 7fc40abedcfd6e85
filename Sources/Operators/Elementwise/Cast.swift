import Kernels
import Tensors

/// Numbers as others of another kind; ONNX `Cast`, and `CastLike` with the kind of its second operand, which whoever makes
/// the graph knows.
///
/// Among kinds of real numbers it does nothing: a network is computed in one precision. Whole numbers end the signal, and
/// what comes of them has none.
public struct Cast: Operator {
    public enum Kind: String, Sendable {
        case real
        /// Real numbers lose their fraction. What is beyond whole numbers becomes the nearest of them, and what is no number
        /// 0: ONNX leaves that open, and exporters cast logarithms of 0 whose result nobody takes.
        case whole
        /// 1 where a number is not 0.
        case condition
    }

    public let source: Kind
    public let target: Kind

    public init(from source: Kind = .real, to target: Kind) {
        self.source = source
        self.target = target
    }

    public var name: String { "Cast" }
    public var role: OperatorRole { isDifferentiable(in: 0) ? .identity : .other }
    public func isDifferentiable(in slot: Int) -> Bool { source == .real && target == .real }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...1)
        return operands[0]
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let shape = try shape(of: operands.map(\.shape))
        switch (operands[0], target) {
        case (.real, .real), (.whole, .whole): return Evaluation(operands[0])
        case (.whole, .real): return Evaluation(.real(operands[0].promoted))
        case (.whole(let whole), .condition):
            return Evaluation(.whole(WholeTensor(whole.elements.map { $0 == 0 ? 0 : 1 }, shape: shape)))
        case (.real(let scaled, _), .whole):
            return Evaluation(.whole(WholeTensor(scaled.plain.doubles.map(truncated), shape: shape)))
        case (.real(let scaled, _), .condition):
            return Evaluation(
                .whole(WholeTensor(scaled.plain.doubles.map { $0 == 0 ? 0 : 1 }, shape: shape)))
        }
    }

    private func truncated(_ x: Double) -> Int {
        guard !x.isNaN else { return 0 }
        return Int(exactly: x.rounded(.towardZero)) ?? (x < 0 ? .min : .max)
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        guard isDifferentiable(in: slot) else {
            throw OperatorError.notDifferentiable(operation: name, slot: slot)
        }
        return ScaledTensor(cotangent)
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> { try vjp(tangent, to: slot, at: point) }
}
