import Kernels
import Tensors

/// Where the largest or the smallest element stands along an axis; ONNX `ArgMax` and `ArgMin`. A NaN is taken before
/// any number.
public struct ArgExtremum: NondifferentiableOperator {
    public let axis: Int
    public let isLargest: Bool
    /// Whether the axis stays, with extent 1.
    public let keepsAxis: Bool
    /// Which of equal ones.
    public let takesLast: Bool

    public init(axis: Int = 0, largest: Bool, keepingAxis: Bool = true, takingLast: Bool = false) {
        self.axis = axis
        isLargest = largest
        keepsAxis = keepingAxis
        takesLast = takingLast
    }

    public var name: String { isLargest ? "ArgMax" : "ArgMin" }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...1)
        let axis = try axis(axis, of: operands[0])
        guard operands[0][axis] > 0 else {
            throw OperatorError.shapes(
                operation: name, operands: operands, requirement: "axis \(axis) needs an element")
        }
        var axes = operands[0].axes
        if keepsAxis { axes[axis] = 1 } else { axes.remove(at: axis) }
        return Shape(axes: axes)
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let shape = try shape(of: operands.map(\.shape))
        let places =
            switch operands[0] {
            case .whole(let whole):
                try places(in: whole.elements, whole.shape) { isLargest ? $0 > $1 : $0 < $1 }
            case .real(let scaled, _):
                try places(in: scaled.plain.doubles, scaled.tensor.shape) {
                    (isLargest ? $0 > $1 : $0 < $1) || $0.isNaN && !$1.isNaN
                }
            }
        return Evaluation(.whole(WholeTensor(places, shape: shape)))
    }

    private func places<Number: Equatable>(
        in elements: [Number], _ shape: Shape, _ isBeyond: (Number, Number) -> Bool
    ) throws -> [Int] {
        let axis = try axis(axis, of: shape)
        let (extent, inner) = (shape[axis], shape.count(of: (axis + 1)...))
        return (0..<shape.count(of: ..<axis) * inner).map { row in
            let first = row / inner * extent * inner + row % inner
            return (0..<extent).reduce(0) { best, next in
                let (x, y) = (elements[first + next * inner], elements[first + best * inner])
                return isBeyond(x, y) || takesLast && x == y ? next : best
            }
        }
    }
}
