import Kernels
import Tensors

/// The sum of all elements up to each along an axis; ONNX `CumSum`.
public struct CumSum: Operator {
    public let axis: Int
    /// Whether the element itself does not count.
    public let isExclusive: Bool
    /// Whether the sum begins at the end.
    public let isReversed: Bool

    public init(axis: Int, exclusive: Bool = false, reversed: Bool = false) {
        self.axis = axis
        isExclusive = exclusive
        isReversed = reversed
    }

    public var name: String { "CumSum" }
    public func isLinear(in slots: [Int], of operands: Int) -> Bool { true }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...1)
        _ = try axis(axis, of: operands[0])
        return operands[0]
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        if case .whole(let whole) = operands[0] {
            var overflows = false
            let sums = try sums(of: whole.elements, whole.shape, isReversed, from: 0) {
                let (sum, isNone) = $0.addingReportingOverflow($1)
                overflows = overflows || isNone
                return sum
            }
            guard !overflows else {
                throw OperatorError.value(operation: name, reason: "a sum is no whole number of 64 bits")
            }
            return Evaluation(.whole(WholeTensor(sums, shape: whole.shape)))
        }
        return Evaluation(try sums(of: operands[0].tensor, isReversed))
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> { ScaledTensor(try sums(of: cotangent, !isReversed)) }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> { ScaledTensor(try sums(of: tangent, isReversed)) }

    private func sums<Scalar: KernelScalar>(
        of x: Tensor<Scalar>, _ isReversed: Bool
    ) throws -> Tensor<Scalar> {
        Tensor(rounding: try sums(of: x.doubles, x.shape, isReversed, from: 0, +), shape: x.shape)
    }

    private func sums<Number>(
        of elements: [Number], _ shape: Shape, _ isReversed: Bool, from zero: Number,
        _ add: (Number, Number) -> Number
    ) throws -> [Number] {
        let axis = try axis(axis, of: shape)
        let (extent, inner) = (shape[axis], shape.count(of: (axis + 1)...))
        var sums = elements
        guard !sums.isEmpty else { return sums }
        for row in 0..<shape.count(of: ..<axis) * inner {
            let first = row / inner * extent * inner + row % inner
            var sum = zero
            for step in 0..<extent {
                let place = first + (isReversed ? extent - 1 - step : step) * inner
                let next = add(sum, elements[place])
                sums[place] = isExclusive ? sum : next
                sum = next
            }
        }
        return sums
    }
}
