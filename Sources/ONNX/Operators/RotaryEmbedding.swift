import Operators
import Tensors

extension NodeReading {
    /// Pairs of elements of every token turned by an angle that its position has (Su et al., 2021): of tokens by heads,
    /// or of tokens whose last axis divides into heads.
    mutating func rotaryEmbedding() throws -> Operand {
        let x = try operand(0)
        let isJoined = x.shape.rank == 3
        let heads = isJoined ? try headed(x) : x
        guard heads.shape.rank == 4 else { throw malformed("takes three axes or four, not \(x.shape)") }
        let size = heads.shape[3]
        let stated = try int("rotary_embedding_dim", default: 0)
        let turned = stated == 0 ? size : stated
        guard (0...size).contains(turned), turned.isMultiple(of: 2) else {
            throw unsupported("rotary_embedding_dim", stated)
        }
        var result = try turn(part(of: heads, 0..<turned), headAxis: isJoined ? 2 : 1)
        if turned < size { result = try apply(Concat(axis: 3), to: result, part(of: heads, turned..<size)) }
        return isJoined ? try apply(Reshape(x.shape.axes, zeroCopies: false), to: result) : result
    }

    /// (N, tokens, heads, size).
    private mutating func headed(_ x: Operand) throws -> Operand {
        let count = try required("num_heads", givenInt)
        guard count > 0, x.shape[2].isMultiple(of: count) else { throw unsupported("num_heads", count) }
        let axes = [x.shape[0], x.shape[1], count, x.shape[2] / count]
        return try apply(Reshape(axes, zeroCopies: false), to: x)
    }

    private mutating func part(of x: Operand, _ range: Range<Int>, step: Int = 1) throws -> Operand {
        let slice = Slice.Range(axis: 3, start: range.lowerBound, end: range.upperBound, step: step)
        return try apply(Slice([slice]), to: x)
    }

    private mutating func turn(_ x: Operand, headAxis: Int) throws -> Operand {
        let (size, areNeighbours) = (x.shape[3], try flag("interleaved"))
        let first = try areNeighbours ? part(of: x, 0..<size, step: 2) : part(of: x, 0..<size / 2)
        let second = try areNeighbours ? part(of: x, 1..<max(1, size), step: 2) : part(of: x, size / 2..<size)
        let (cosine, sine) = (
            try angles(1, count: size / 2, headAxis: headAxis),
            try angles(2, count: size / 2, headAxis: headAxis)
        )
        let pair = [
            try apply(
                Add.subtracting, to: apply(Mul(), to: cosine, first), apply(Mul(), to: sine, second)),
            try apply(Add(), to: apply(Mul(), to: sine, first), apply(Mul(), to: cosine, second)),
        ]
        guard areNeighbours else { return try apply(Concat(axis: 3), to: pair) }
        let stacked = try apply(
            Concat(axis: 4), to: pair.map { try apply(Reshape.unsqueeze([4]), to: $0) })
        return try apply(Reshape(x.shape.axes, zeroCopies: false), to: stacked)
    }

    /// Cosines or sines: of each token, or of each position where the tokens' positions are given.
    private mutating func angles(_ slot: Int, count: Int, headAxis: Int) throws -> Operand {
        var angles = try operand(slot)
        if let positions = given(3) { angles = try apply(Gather(axis: 0), to: angles, positions) }
        // A table may be for all of a head where a part of it is turned.
        let last = angles.shape.rank - 1
        if last >= 0, angles.shape[last] > count {
            angles = try apply(Slice([.init(axis: last, start: 0, end: count)]), to: angles)
        }
        return try apply(Reshape.unsqueeze([headAxis]), to: angles)
    }
}
