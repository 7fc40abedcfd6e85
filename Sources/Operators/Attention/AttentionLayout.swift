import Kernels
import Tensors

/// How the operands of an attention divide into heads: each becomes (N, heads of keys, queries' heads for each of them,
/// tokens, size), so that stacks of matrices stretch to each other.
struct AttentionLayout {
    enum Part { case queries, keys, values, result }

    let batch: Int
    let keyHeads: Int
    /// Heads of queries for one of keys.
    let group: Int
    let queries: Int
    let keys: Int
    let size: Int
    let valueSize: Int

    var heads: Int { keyHeads * group }
    var scores: Shape { Shape(axes: [batch, keyHeads, group, queries, keys]) }

    init(of operands: [Shape], for attention: Attention) throws(OperatorError) {
        func refuse(_ requirement: String) -> OperatorError {
            .shapes(operation: attention.name, operands: operands, requirement: requirement)
        }
        guard operands.count <= 4 else {
            throw .attribute(
                operation: attention.name, attribute: "past_key", value: "operand 4",
                requirement: "keys and values have to be those of the whole sequence")
        }
        let count = attention.mask == .none ? 3 : 4
        try attention.require(operands, count: count...count)
        let (q, k, v) = (operands[0], operands[1], operands[2])
        guard [3, 4].contains(q.rank), k.rank == q.rank, v.rank == q.rank else {
            throw refuse("queries, keys and values have three axes or four")
        }
        guard q[0] == k[0], q[0] == v[0], k[k.rank - 2] == v[v.rank - 2] else {
            throw refuse("all have one batch, and keys and values as many tokens")
        }
        if q.rank == 3 {
            guard let heads = attention.heads, heads.queries > 0, heads.keys > 0 else {
                throw .attribute(
                    operation: attention.name, attribute: "q_num_heads, kv_num_heads",
                    value: attention.heads.map { "\($0.queries), \($0.keys)" } ?? "none",
                    requirement: "operands of three axes need the number of their heads")
            }
            guard q[2].isMultiple(of: heads.queries), k[2].isMultiple(of: heads.keys),
                v[2].isMultiple(of: heads.keys)
            else {
                throw refuse(
                    "the last axes have to divide into \(heads.queries) heads of queries and \(heads.keys) of keys"
                )
            }
            (keyHeads, group) = (heads.keys, heads.queries / heads.keys)
            (size, valueSize) = (q[2] / heads.queries, v[2] / heads.keys)
            guard group * heads.keys == heads.queries, k[2] / heads.keys == size else {
                throw refuse("heads of keys are as large as those of queries, which divide among them")
            }
        } else {
            guard k[1] == v[1], k[1] > 0, q[1].isMultiple(of: k[1]), q[3] == k[3] else {
                throw refuse("heads of keys are as large as those of queries, which divide among them")
            }
            (keyHeads, group, size, valueSize) = (k[1], q[1] / k[1], q[3], v[3])
        }
        (batch, queries, keys) = (q[0], q[q.rank - 2], k[k.rank - 2])
        let all = Shape(axes: [batch, heads, queries, keys])
        guard Shape.canHold(all.axes) else { throw refuse("their scores would be more than can be") }
        if operands.count > 3, Shape.broadcast(operands[3], all) != all {
            throw refuse("the mask has to stretch to \(all)")
        }
    }

    func shape(of part: Part) -> Shape {
        switch part {
        case .queries: Shape(axes: [batch, keyHeads, group, queries, size])
        case .keys: Shape(axes: [batch, keyHeads, 1, keys, size])
        case .values: Shape(axes: [batch, keyHeads, 1, keys, valueSize])
        case .result: Shape(axes: [batch, keyHeads, group, queries, valueSize])
        }
    }

    /// An operand, or a result, by heads.
    func split<Scalar: KernelScalar>(_ x: Tensor<Scalar>, _ part: Part) -> Tensor<Scalar> {
        let shape = shape(of: part)
        guard x.shape.rank == 3 else { return x.reshaped(shape) }
        var target = Tensor<Scalar>(uninitialized: shape)
        Scalar.kernels.copy(x, by: swap(outer: shape[3], inner: shape[1] * shape[2], shape[4]), into: &target)
        return target
    }

    /// The transpose of `split`.
    func joined<Scalar: KernelScalar>(_ x: Tensor<Scalar>, to shape: Shape) -> Tensor<Scalar> {
        guard shape.rank == 3 else { return x.reshaped(shape) }
        var target = Tensor<Scalar>(uninitialized: shape)
        Scalar.kernels.copy(
            x, by: swap(outer: x.shape[1] * x.shape[2], inner: x.shape[3], x.shape[4]), into: &target)
        return target
    }

    /// (N, outer, inner, size) to (N, inner, outer, size).
    private func swap(outer: Int, inner: Int, _ size: Int) -> Move {
        Move(axes: [
            .even(batch, source: outer * inner * size, target: outer * inner * size),
            .even(outer, source: inner * size, target: size),
            .even(inner, source: size, target: outer * size),
            .even(size, source: 1, target: 1),
        ])
    }

    /// The shape of a mask beside that of the scores.
    func mask(_ shape: Shape) throws(OperatorError) -> Shape {
        let axes = Array(repeating: 1, count: max(0, 4 - shape.rank)) + shape.axes
        let heads = axes[1] == 1 ? [1, 1] : [keyHeads, group]
        return Shape(axes: [axes[0]] + heads + axes[2...])
    }

    /// 1 where a query may look at a key.
    func causalMask<Scalar: KernelScalar>() -> Tensor<Scalar> {
        let kept = (0..<queries).flatMap { query in (0..<keys).map { $0 <= query ? 1.0 : 0 } }
        return Tensor(rounding: kept, shape: Shape(axes: [queries, keys]))
    }
}
