import Kernels
import Tensors

// Shapes and indices are computed with too. Whole numbers among themselves stay whole; beside real ones they count as real.
extension Operator {
    /// φ(φ(x, y), z)… of whole operands, element by element in the shape that all are stretched to.
    ///
    /// - Parameter f: with whether its result is none.
    /// - Returns: `nil` unless all operands are whole.
    /// - Throws: `OperatorError.value` where there is no result.
    func wholeValue<Scalar: KernelScalar>(
        of operands: [Value<Scalar>], in shape: Shape,
        _ f: (Int, Int) -> (partialValue: Int, overflow: Bool)
    ) throws(OperatorError) -> Evaluation<Scalar>? {
        var elements: [Int]?
        for operand in operands {
            guard case .whole(let whole) = operand else { return nil }
            let next = whole.stretched(to: shape)
            guard var joined = elements else {
                elements = next
                continue
            }
            for (index, (x, y)) in zip(joined, next).enumerated() {
                let (result, isNone) = f(x, y)
                guard !isNone else {
                    throw .value(
                        operation: name,
                        reason: "its result for the whole numbers \(x) and \(y) is none of 64 bits")
                }
                joined[index] = result
            }
            elements = joined
        }
        return elements.map { Evaluation(.whole(WholeTensor($0, shape: shape))) }
    }
}

extension WholeTensor {
    /// The elements of a shape that this one is stretched to.
    func stretched(to other: Shape) -> [Int] {
        if shape == other { return elements }
        let (own, strides) = (other.strides, shape.strides(stretchedTo: other))
        return (0..<other.count).map { flat in
            elements[(0..<other.rank).reduce(0) { $0 + flat / own[$1] % other[$1] * strides[$1] }]
        }
    }
}

extension Value {
    /// The numbers with their scale, whole ones as real ones.
    var promoted: ScaledTensor<Scalar> {
        switch self {
        case .real(let scaled, _): scaled
        case .whole(let whole):
            ScaledTensor(Tensor(rounding: whole.elements.map(Double.init), shape: whole.shape))
        }
    }
}
