import Kernels
import Tensors

/// The largest of its operands, element by element in the shape that all are stretched to; ONNX `Max`. Where some are equal
/// the derivative is divided among them, as PyTorch divides it between two.
public struct Max: Extremum {
    public init() {}
    public var name: String { "Max" }
    public func isBeyond<Number: Comparable>(_ x: Number, _ y: Number) -> Bool { x > y }
}

/// The smallest of its operands; ONNX `Min`.
public struct Min: Extremum {
    public init() {}
    public var name: String { "Min" }
    public func isBeyond<Number: Comparable>(_ x: Number, _ y: Number) -> Bool { x < y }
}

/// The operand that lies beyond all others, element by element.
public protocol Extremum: Operator {
    func isBeyond<Number: Comparable>(_ x: Number, _ y: Number) -> Bool
}

extension Extremum {
    public func shape(of operands: [Shape]) throws -> Shape {
        try broadcastShape(of: operands, count: 1...Int.max)
    }

    public func residueElements(of operands: [Shape]) -> Int { (try? shape(of: operands))?.count ?? 0 }

    /// Besides, the residue: of every element, the share of each operand that has the extreme value.
    public func reads(for slot: Int) -> Reads { Reads(operands: [slot], result: true) }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let shape = try shape(of: operands.map(\.shape))
        if let whole = try wholeValue(
            of: operands, in: shape, { (isBeyond($1, $0) ? $1 : $0, false) })
        {
            return whole
        }
        let (kernels, tensors) = (Scalar.kernels, operands.map { $0.promoted.plain })
        var extreme = kernels.stretch(tensors[0], to: shape)
        for tensor in tensors.dropFirst() {
            // A NaN stays one, on either side.
            extreme = kernels.broadcast(extreme, tensor, to: shape) {
                $0.isNaN || isBeyond($0, $1) ? $0 : $1
            }
        }
        var count = Tensor<Scalar>(zeros: shape)
        for tensor in tensors {
            let holds = kernels.broadcast(tensor, extreme, to: shape) { $0 == $1 ? 1 : 0 }
            count = kernels.combine(count, 1, holds, 1)
        }
        return Evaluation(extreme, residue: kernels.map(count) { 1 / $0 })
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let slopes = try slopes(in: slot, at: point)
        return ScaledTensor(
            Scalar.kernels.sum(Scalar.kernels.multiply(cotangent, slopes), to: point.shapes[slot]))
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        ScaledTensor(
            Scalar.kernels.broadcast(tangent, try slopes(in: slot, at: point), to: point.resultShape) {
                $0 * $1
            })
    }

    private func slopes<Scalar: KernelScalar>(in slot: Int, at point: Point<Scalar>) throws -> Tensor<Scalar>
    {
        let kernels = Scalar.kernels
        let holds = kernels.broadcast(
            try point.tensor(slot), try point.result, to: point.resultShape
        ) { $0 == $1 ? 1 : 0 }
        return kernels.map(holds, try point.residue(as: Tensor<Scalar>.self)) { $0 == 0 ? 0 : $1 }
    }
}
