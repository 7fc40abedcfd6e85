import Kernels
import Tensors

/// The largest of some axes, and of equal ones the first; ONNX `ReduceMax`, and over `ReducedAxes.space`
/// `GlobalMaxPool`. Of none it is −∞.
///
/// PyTorch's `amax` divides the derivative among equal ones; its `max` takes one, as here.
public struct ReduceMax: ReducedExtremum {
    public let axes: ReducedAxes

    public init(_ axes: ReducedAxes) { self.axes = axes }

    public var name: String { "ReduceMax" }
    public var ofNone: Double { -.infinity }
    public func isBeyond<Number: Comparable>(_ x: Number, _ y: Number) -> Bool { x > y }
}

/// The smallest of some axes, and of equal ones the first; ONNX `ReduceMin`. Of none it is ∞.
public struct ReduceMin: ReducedExtremum {
    public let axes: ReducedAxes

    public init(_ axes: ReducedAxes) { self.axes = axes }

    public var name: String { "ReduceMin" }
    public var ofNone: Double { .infinity }
    public func isBeyond<Number: Comparable>(_ x: Number, _ y: Number) -> Bool { x < y }
}

/// The element of some axes that lies beyond all others. The derivative is that of taking it.
public protocol ReducedExtremum: MovingOperator {
    var axes: ReducedAxes { get }
    /// What stands where there are no elements.
    var ofNone: Double { get }
    func isBeyond<Number: Comparable>(_ x: Number, _ y: Number) -> Bool
}

extension ReducedExtremum {
    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...1)
        return try axes.result(of: operands[0], for: self)
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let result = try shape(of: operands.map(\.shape))
        if case .whole(let whole) = operands[0] {
            let chosen = try chosen(of: whole.elements, whole.shape, to: result) { isBeyond($0, $1) }
            let elements = try chosen.map { index in
                guard let index else {
                    throw OperatorError.value(
                        operation: name, reason: "no whole number is beyond all others of none")
                }
                return whole.elements[index]
            }
            return Evaluation(.whole(WholeTensor(elements, shape: result)))
        }
        let x = try operands[0].tensor
        // A NaN is taken before any number.
        let chosen = try chosen(of: x.doubles, x.shape, to: result) {
            isBeyond($0, $1) || $0.isNaN && !$1.isNaN
        }
        let move = Move(source: chosen, target: Array(chosen.indices))
        var target = Tensor<Scalar>(zeros: result)
        if chosen.contains(nil) { target = target.map { _ in Scalar(ofNone) } }
        Scalar.kernels.copy(x, by: move, into: &target)
        return Evaluation(target, residue: [move] as [Move?])
    }

    /// For every element of the result, which of the operand's it is.
    private func chosen<Number>(
        of elements: [Number], _ shape: Shape, to result: Shape, _ isTaken: (Number, Number) -> Bool
    ) throws -> [Int?] {
        var chosen = [Int?](repeating: nil, count: result.count)
        for (flat, target) in try axes.targets(in: shape, for: self).enumerated() {
            if let best = chosen[target], !isTaken(elements[flat], elements[best]) { continue }
            chosen[target] = flat
        }
        return chosen
    }
}
