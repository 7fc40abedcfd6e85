import Tensors

/// The elements of a shape as rows along its last axis, with where each row begins and how far its elements lie apart in
/// tensors that are walked together: a stretched one has a stride of 0 along the axes that it has not.
///
/// Neighbouring axes that all tensors walk evenly are taken as one, so that plain tensors are one long row.
struct StridedRows {
    /// Rows, and elements of each.
    let count: Int
    let length: Int
    private let extents: [Int]
    private let strides: [[Int]]

    /// - Parameter strides: of every tensor, one for each axis of the shape.
    init(of shape: Shape, strides: [[Int]]) {
        var (extents, merged) = ([Int](), strides.map { _ in [Int]() })
        for axis in (0..<shape.rank).reversed() where shape[axis] != 1 {
            let continues =
                !extents.isEmpty
                && strides.indices.allSatisfy { strides[$0][axis] == merged[$0][0] * extents[0] }
            if continues {
                extents[0] *= shape[axis]
            } else {
                extents.insert(shape[axis], at: 0)
                for index in strides.indices { merged[index].insert(strides[index][axis], at: 0) }
            }
        }
        length = extents.last ?? 1
        self.extents = Array(extents.dropLast())
        self.strides = merged
        count = shape.count == 0 ? 0 : self.extents.reduce(1, *)
    }

    /// Where a row begins in a tensor.
    func start(ofRow row: Int, in tensor: Int) -> Int {
        var (rest, start) = (row, 0)
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
