import Tensors

/// The elements of a box as rows along its last axis, with where each row begins and how far its elements lie apart in
/// tensors that are walked together: a stretched one has a stride of 0 along the axes that it has not.
///
/// Neighbouring axes that all tensors walk evenly are taken as one, so that plain tensors are one long row.
struct StridedRows {
    /// Rows, and elements of each.
    let count: Int
    let length: Int
    private let extents: [Int]
    private let strides: [[Int]]
    private let starts: [Int]

    /// - Parameters:
    ///   - extents: of the box.
    ///   - strides: of every tensor, one for each axis.
    ///   - starts: where the box begins in every tensor; at 0 by default.
    init(extents box: [Int], strides: [[Int]], starts: [Int]? = nil) {
        var (extents, merged) = ([Int](), strides.map { _ in [Int]() })
        for axis in box.indices.reversed() where box[axis] != 1 {
            let continues =
                !extents.isEmpty
                && strides.indices.allSatisfy { strides[$0][axis] == merged[$0][0] * extents[0] }
            if continues {
                extents[0] *= box[axis]
            } else {
                extents.insert(box[axis], at: 0)
                for index in strides.indices { merged[index].insert(strides[index][axis], at: 0) }
            }
        }
        length = extents.last ?? 1
        self.extents = Array(extents.dropLast())
        self.strides = merged
        self.starts = starts ?? strides.map { _ in 0 }
        count = box.contains(0) ? 0 : self.extents.reduce(1, *)
    }

    /// Where a row begins in a tensor.
    func start(ofRow row: Int, in tensor: Int) -> Int {
        var (rest, start) = (row, starts[tensor])
        for axis in extents.indices.reversed() {
            let (quotient, index) = rest.quotientAndRemainder(dividingBy: extents[axis])
            start += index * strides[tensor][axis]
            rest = quotient
        }
        return start
    }

    /// How far neighbours of a row lie apart in a tensor.
    func step(in tensor: Int) -> Int { strides[tensor].last ?? 0 }
}

extension StridedRows {
    /// A tensor as it is walked along the axes of a shape that it stretches to.
    struct Walked {
        let shape: Shape
        let block: Int
    }

    /// The rows of a shape in blocks, without the channels that pad the last one: one box of whole blocks, and one of the
    /// channels that are left.
    ///
    /// - Parameter tensors: each plain, or in the same blocks and then with as many channels.
    static func boxes(of shape: Shape, block: Int, walking tensors: [Walked]) -> [StridedRows] {
        guard block > 1 else {
            return [
                StridedRows(
                    extents: shape.axes, strides: tensors.map { $0.shape.strides(stretchedTo: shape) })
            ]
        }
        // Samples, blocks, space, channels of a block.
        let strides = tensors.map { $0.strides(stretchedTo: shape, splitBy: block) }
        let (whole, left) = shape.channels.quotientAndRemainder(dividingBy: block)
        let space = Array(shape.axes.dropFirst(2))
        return [
            StridedRows(extents: [shape.batch, whole] + space + [block], strides: strides),
            StridedRows(
                extents: [shape.batch, left > 0 ? 1 : 0] + space + [left], strides: strides,
                starts: strides.map { whole * $0[1] }),
        ]
    }
}

extension StridedRows.Walked {
    fileprivate func strides(stretchedTo other: Shape, splitBy lanes: Int) -> [Int] {
        let plain = shape.strides(stretchedTo: other)
        guard block > 1 else { return [plain[0], plain[1] * lanes] + plain[2...] + [plain[1]] }
        let blocks = (shape.channels + block - 1) / block
        let sample = shape.batch == 1 ? 0 : blocks * block * shape.area
        return [sample, shape.area * block] + plain[2...].map { $0 * block } + [1]
    }
}
