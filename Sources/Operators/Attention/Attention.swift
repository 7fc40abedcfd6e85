import Foundation
import Kernels
import Tensors

/// softmax(scale·Q·Kᵀ + mask)·V, head by head (Vaswani et al., 2017); ONNX `Attention` without past keys and values.
///
/// Slots: queries, keys, values, and the mask where there is one. They are (N, heads, tokens, size), or (N, tokens,
/// heads·size) with the number of heads stated. Keys may have fewer heads than queries: neighbouring heads of queries
/// share one (Ainslie et al., 2023). A query that may look at no key gets zeros.
public struct Attention: Operator {
    /// What the operand in slot 3 is, stretched to (N, heads, queries, keys).
    public enum Mask: Sendable, Hashable {
        case none
        /// Whole numbers: a key counts where it is not 0.
        case condition
        /// Real numbers that are added.
        case addend
    }

    /// Of operands of three axes.
    public struct Heads: Sendable, Hashable {
        public var queries: Int
        public var keys: Int

        public init(queries: Int, keys: Int) {
            self.queries = queries
            self.keys = keys
        }
    }

    public let heads: Heads?
    /// 1/√size where it is `nil`.
    public let scale: Double?
    public let mask: Mask
    /// Whether a query looks only at the keys up to its own place.
    public let isCausal: Bool
    /// c of the bound c·tanh(s/c) on scores, before the mask; 0 for none.
    public let softcap: Double

    public init(
        heads: Heads? = nil, scale: Double? = nil, mask: Mask = .none, isCausal: Bool = false,
        softcap: Double = 0
    ) {
        self.heads = heads
        self.scale = scale
        self.mask = mask
        self.isCausal = isCausal
        self.softcap = softcap
    }

    public var name: String { "Attention" }
    public var role: OperatorRole { .product(slots: [0, 1, 2]) }
    public func isDifferentiable(in slot: Int) -> Bool { slot < 3 || mask == .addend }

    /// Besides, the residue: probabilities.
    public func reads(for slot: Int) -> Reads {
        switch slot {
        case 0: Reads(operands: [1, 2])
        case 1: Reads(operands: [0, 2])
        case 2: Reads()
        default: Reads(operands: [2])
        }
    }

    public func shape(of operands: [Shape]) throws -> Shape {
        let layout = try AttentionLayout(of: operands, for: self)
        let extents =
            operands[0].rank == 3
            ? [layout.batch, layout.queries, layout.heads * layout.valueSize]
            : [layout.batch, layout.heads, layout.queries, layout.valueSize]
        return try result(extents, of: operands)
    }

    public func multiplyAdds(of operands: [Shape]) -> Int {
        guard let layout = try? AttentionLayout(of: operands, for: self) else { return 0 }
        return layout.scores.count * (layout.size + layout.valueSize)
    }

    /// The probabilities, and the slopes of a soft cap.
    public func residueElements(of operands: [Shape]) -> Int {
        guard let layout = try? AttentionLayout(of: operands, for: self) else { return 0 }
        return layout.scores.count * (softcap > 0 ? 2 : 1)
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let (kernels, shape) = (Scalar.kernels, try shape(of: operands.map(\.shape)))
        let layout = try AttentionLayout(of: operands.map(\.shape), for: self)
        let (q, k, v) = (
            try layout.split(operands[0].tensor, .queries), try layout.split(operands[1].tensor, .keys),
            try layout.split(operands[2].tensor, .values)
        )
        var scores = try kernels.matrixProducts(q, k, transposingSecond: true)
        let factor = factor(layout)
        var slopes: Tensor<Scalar>?
        if softcap > 0 {
            slopes = kernels.map(scores) { [softcap] in Tanh().derivative(at: factor * $0 / softcap) }
            scores = kernels.map(scores) { [softcap] in softcap * tanh(factor * $0 / softcap) }
        } else {
            scores = kernels.scale(scores, by: factor)
        }
        if isCausal {
            scores = kernels.broadcast(scores, layout.causalMask(), to: layout.scores, Self.kept)
        }
        switch mask {
        case .none: break
        case .condition:
            let whole = try operands[3].whole
            let condition = Tensor<Scalar>(
                rounding: whole.elements.map { $0 == 0 ? 0 : 1 }, shape: try layout.mask(whole.shape))
            scores = kernels.broadcast(scores, condition, to: layout.scores, Self.kept)
        case .addend:
            let addend = try operands[3].tensor
            scores = kernels.broadcast(
                scores, addend.reshaped(try layout.mask(addend.shape)), to: layout.scores
            ) { $0 + $1 }
        }
        let p = try probabilities(scores)
        let y = layout.joined(try kernels.matrixProducts(p, v), to: shape)
        return Evaluation(y, residue: Residue(probabilities: p, slopes: slopes))
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let kernels = Scalar.kernels
        let layout = try AttentionLayout(of: point.shapes, for: self)
        let residue: Residue<Scalar> = try point.residue()
        let c = layout.split(cotangent, .result)
        let shape = point.shapes[slot]
        if slot == 2 {
            let pulled = try kernels.matrixProducts(residue.probabilities, c, transposingFirst: true)
            return ScaledTensor(layout.joined(kernels.sum(pulled, to: layout.shape(of: .values)), to: shape))
        }
        let v = layout.split(try point.tensor(2), .values)
        // Of the scores with their mask.
        let masked = try throughSoftmax(
            try kernels.matrixProducts(c, v, transposingSecond: true), residue.probabilities)
        if slot == 3 {
            return ScaledTensor(kernels.sum(masked, to: try layout.mask(shape)).reshaped(shape))
        }
        let scores = residue.slopes.map { kernels.multiply(masked, $0) } ?? masked
        let pulled =
            slot == 0
            ? try kernels.matrixProducts(scores, layout.split(try point.tensor(1), .keys))
            : kernels.sum(
                try kernels.matrixProducts(
                    scores, layout.split(try point.tensor(0), .queries), transposingFirst: true),
                to: layout.shape(of: .keys))
        return ScaledTensor(layout.joined(pulled, to: shape), factor: factor(layout))
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let kernels = Scalar.kernels
        let layout = try AttentionLayout(of: point.shapes, for: self)
        let residue: Residue<Scalar> = try point.residue()
        func weighted(_ p: Tensor<Scalar>, _ v: Tensor<Scalar>) throws -> Tensor<Scalar> {
            layout.joined(try kernels.matrixProducts(p, v), to: point.resultShape)
        }
        if slot == 2 {
            return ScaledTensor(try weighted(residue.probabilities, layout.split(tangent, .values)))
        }
        let v = layout.split(try point.tensor(2), .values)
        if slot == 3 {
            let mask = kernels.stretch(tangent.reshaped(try layout.mask(tangent.shape)), to: layout.scores)
            return ScaledTensor(try weighted(try throughSoftmax(mask, residue.probabilities), v))
        }
        let q = layout.split(slot == 0 ? tangent : try point.tensor(0), .queries)
        let k = layout.split(slot == 1 ? tangent : try point.tensor(1), .keys)
        let scores = try kernels.matrixProducts(q, k, transposingSecond: true)
        let masked = residue.slopes.map { kernels.multiply(scores, $0) } ?? scores
        return ScaledTensor(
            try weighted(try throughSoftmax(masked, residue.probabilities), v), factor: factor(layout))
    }
}

extension Attention {
    private struct Residue<Scalar: KernelScalar>: Sendable {
        let probabilities: Tensor<Scalar>
        /// Of the bound on scores, where there is one.
        let slopes: Tensor<Scalar>?
    }

    private func factor(_ layout: AttentionLayout) -> Double {
        scale ?? 1 / Double(max(1, layout.size)).squareRoot()
    }

    private static func kept(_ score: Double, _ condition: Double) -> Double {
        condition == 0 ? -.infinity : score
    }

    private func probabilities<Scalar: KernelScalar>(_ scores: Tensor<Scalar>) throws -> Tensor<Scalar> {
        var rows = scores.shape
        rows[4] = 1
        let largest = Scalar.kernels.largest(scores, to: rows)
        let p = try Softmax().value(of: [Value(scores)]).value.tensor
        // Of a row without any key there is nothing to divide.
        return Scalar.kernels.broadcast(p, largest, to: scores.shape) { $1 == -.infinity ? 0 : $0 }
    }

    /// The derivative of a softmax, which is symmetric.
    private func throughSoftmax<Scalar: KernelScalar>(
        _ v: Tensor<Scalar>, _ probabilities: Tensor<Scalar>
    ) throws -> Tensor<Scalar> {
        let point = Point(
            shapes: [v.shape], resultShape: v.shape, operands: [], result: Value(probabilities))
        return try Softmax().vjp(v, to: 0, at: point).plain
    }
}
