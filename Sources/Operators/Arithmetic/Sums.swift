import Kernels
import Tensors

/// A sum of operands in the shape that all are stretched to: x + y, x − y, of any number, or their mean; ONNX `Add`, `Sub`,
/// `Sum` and `Mean`. Sums of the residual kind are merges of the graph.
public struct Add: Operator {
    private enum Form: String {
        case add = "Add"
        case sub = "Sub"
        case sum = "Sum"
        case mean = "Mean"
    }
    private let form: Form

    public init() { form = .add }
    private init(_ form: Form) { self.form = form }
    /// x − y.
    public static let subtracting = Add(.sub)
    /// Of one operand or more.
    public static let ofAny = Add(.sum)
    /// The sum of one operand or more, divided by their number.
    public static let mean = Add(.mean)

    public var name: String { form.rawValue }
    /// A mean brings a factor to what it merges.
    public var role: OperatorRole {
        switch form {
        case .add, .sum: .sum
        case .sub: .difference
        case .mean: .other
        }
    }

    public func isLinear(in slots: [Int], of operands: Int) -> Bool { slots.count == operands }

    /// A convolution adds what lies beside its result as it writes it.
    public func fused(
        with producer: any Operator, of inner: [Shape], in slot: Int, shapes: [Shape]
    ) -> (any Operator)? {
        guard form == .add || form == .sum, shapes.count == 2, shapes[0] == shapes[1] else { return nil }
        let addend: WeightLayer.AddendPlace = slot == 0 ? .last : .first
        if let layer = producer as? WeightLayer { return layer.adding(addend) }
        guard let convolution = producer as? Conv, inner.count == 2 else { return nil }
        return WeightLayer(convolution).adding(addend)
    }

    public func shape(of operands: [Shape]) throws -> Shape {
        try broadcastShape(of: operands, count: form == .add || form == .sub ? 2...2 : 1...Int.max)
    }

    /// Of the operand in a slot.
    private func factor(_ slot: Int, of count: Int) -> Double {
        switch form {
        case .add, .sum: 1
        case .sub: slot == 0 ? 1 : -1
        case .mean: 1 / Double(count)
        }
    }

    @specialized(where Scalar == Float)
    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let shape = try shape(of: operands.map(\.shape))
        if form != .mean,
            let whole = try wholeValue(
                of: operands, in: shape,
                { form == .sub ? $0.subtractingReportingOverflow($1) : $0.addingReportingOverflow($1) })
        {
            return whole
        }
        var sum = operands[0].promoted.scaled(by: factor(0, of: operands.count))
        for (slot, operand) in operands.enumerated().dropFirst() {
            sum = Self.sum(sum, operand.promoted.scaled(by: factor(slot, of: operands.count)), in: shape)
        }
        return Evaluation(.real(sum))
    }

    private static func sum<Scalar: KernelScalar>(
        _ x: ScaledTensor<Scalar>, _ y: ScaledTensor<Scalar>, in shape: Shape
    ) -> ScaledTensor<Scalar> {
        let common = x.commonExponent(with: y)
        let (a, b) = (x.coefficient(relativeTo: common), y.coefficient(relativeTo: common))
        let kernels = Scalar.kernels
        let sum =
            x.tensor.shape == y.tensor.shape
            ? kernels.combine(x.tensor, a, y.tensor, b)
            : kernels.broadcast(x.tensor, y.tensor, to: shape) { a * $0 + b * $1 }
        return ScaledTensor(sum, exponent: common)
    }

    @specialized(where Scalar == Float)
    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        ScaledTensor(
            Scalar.kernels.sum(cotangent, to: point.shapes[slot]),
            factor: factor(slot, of: point.shapes.count))
    }

    @specialized(where Scalar == Float)
    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        ScaledTensor(
            Scalar.kernels.stretch(tangent, to: point.resultShape),
            factor: factor(slot, of: point.shapes.count))
    }
}
