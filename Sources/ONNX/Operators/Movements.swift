import Operators
import Tensors

extension OperatorCatalogue {
    /// Elements in other places.
    static let movements: [String: Translation] = [
        "Transpose": .operation { Transpose(order: try $0.givenInts("perm")) },
        "Concat": .operation { Concat(axis: try $0.required("axis", $0.givenInt)) },
        "Slice": Translation { try $0.slice() },
        "Split": Translation(outputs: { try $0.split() }),
        "Expand": Translation { reading in
            let target = try reading.shape(reading.wholes(1, "shape"), "shape")
            return try reading.apply(Expand(to: target), to: reading.operand(0))
        },
        "Tile": Translation { reading in
            let repeats = try reading.wholes(1, "repeats")
            return try reading.apply(Tile(repeats), to: reading.operand(0))
        },
        "Pad": Translation { try $0.pad() },
        "Where": Translation { reading in
            let operands = try reading.operands()
            return try reading.apply(Where(), to: operands, type: reading.operand(1).type)
        },
        "Trilu": Translation { reading in
            let offset = try reading.givenWhole(1, "k") ?? 0
            return try reading.apply(
                Trilu(upper: reading.flag("upper", default: true), offset: offset), to: reading.operand(0))
        },
        "DepthToSpace": .operation {
            DepthToSpace(
                size: try $0.required("blocksize", $0.givenInt),
                order: try $0.choice("mode", default: .depthColumnRow))
        },
        "SpaceToDepth": Translation { try $0.spaceToDepth() },
    ]
}

extension NodeReading {
    /// Places are attributes before opset 10, operands from then on.
    fileprivate mutating func slice() throws -> Operand {
        guard let starts = try wholes("starts", orOperand: 1), let ends = try wholes("ends", orOperand: 2)
        else { throw malformed("has no starts and ends") }
        let axes = try wholes("axes", orOperand: 3) ?? Array(starts.indices)
        let steps = try givenWholes(4, "steps") ?? starts.map { _ in 1 }
        guard [ends, axes, steps].allSatisfy({ $0.count == starts.count }) else {
            throw malformed("has starts, ends, axes and steps in different numbers")
        }
        let ranges = starts.indices.map {
            Slice.Range(axis: axes[$0], start: starts[$0], end: ends[$0], step: steps[$0])
        }
        return try apply(Slice(ranges), to: operand(0))
    }

    /// Extents are an attribute before opset 13, an operand from then on; where none are stated, the outputs count.
    fileprivate mutating func split() throws -> [Operand?] {
        let (x, count) = (try operand(0), node.outputs.count)
        let parts: Split.Parts =
            try wholes("split", orOperand: 1).map { .extents($0) }
            ?? .count(int("num_outputs", default: count))
        let slices = try Split(parts, axis: int("axis", default: 0)).slices(of: x.shape)
        guard slices.count == count else {
            throw malformed("splits into \(slices.count) parts and has \(count) outputs")
        }
        return try zip(slices, node.outputs).map { slice, name in
            name.isEmpty ? nil : try apply(slice, to: x)
        }
    }

    /// Counts and filling are attributes before opset 11, operands from then on.
    fileprivate mutating func pad() throws -> Operand {
        let x = try operand(0)
        let rank = x.shape.rank
        guard let pads = try wholes("pads", orOperand: 1) else { throw malformed("has no pads") }
        let axes = try (givenWholes(3, "axes") ?? Array(0..<rank)).map { try place($0, of: rank) }
        guard pads.count == 2 * axes.count, Set(axes).count == axes.count else {
            throw malformed("has \(pads.count) pads for \(axes.count) axes")
        }
        var (before, after) = (Array(repeating: 0, count: rank), Array(repeating: 0, count: rank))
        for (index, axis) in axes.enumerated() {
            (before[axis], after[axis]) = (pads[index], pads[index + axes.count])
        }
        return try apply(
            Pad(
                before: before, after: after, mode: choice("mode", default: .constant),
                fill: givenReal(2, "constant_value") ?? float("value", default: 0)),
            to: x)
    }

    /// Blocks of `blocksize` by `blocksize` brought from space to channels.
    fileprivate mutating func spaceToDepth() throws -> Operand {
        let (x, size) = (try operand(0), try required("blocksize", givenInt))
        let axes = x.shape.axes
        guard axes.count == 4, size > 0, axes[2].isMultiple(of: size), axes[3].isMultiple(of: size) else {
            throw malformed("has blocks of \(size) in an operand of shape \(x.shape)")
        }
        let blocks = try apply(
            Reshape([axes[0], axes[1], axes[2] / size, size, axes[3] / size, size], zeroCopies: false), to: x)
        let order = try choice("mode", default: DepthToSpace.Order.depthColumnRow)
        let moved = try apply(
            Transpose(order: order == .depthColumnRow ? [0, 3, 5, 1, 2, 4] : [0, 1, 3, 5, 2, 4]), to: blocks)
        let channels = moved.shape.count(of: 1..<4)
        return try apply(
            Reshape([axes[0], channels, axes[2] / size, axes[3] / size], zeroCopies: false), to: moved)
    }
}
