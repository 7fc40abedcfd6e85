import Tensors

/// Logits as rows, one for each label: the scores of its classes.
struct LogitRows {
    let count: Int
    let classes: Int
    /// How far apart the scores of neighbouring classes lie.
    let stride: Int

    /// - Throws: `LossError.labelShape` or `.noAxisOfClasses`.
    init(of logits: Shape, labels: Shape) throws(LossError) {
        guard logits.rank > 0 else { throw .noAxisOfClasses }
        let axis = try Self.classAxis(of: logits, labels: labels)
        count = labels.count
        classes = logits[axis]
        stride = logits.count(of: (axis + 1)...)
    }

    /// Where a row's first score lies.
    func start(of row: Int) -> Int {
        let (outer, inner) = row.quotientAndRemainder(dividingBy: stride)
        return outer * classes * stride + inner
    }

    private static func classAxis(of logits: Shape, labels: Shape) throws(LossError) -> Int {
        let last = logits.rank - 1
        let sequence = logits.without(axis: last)
        guard sequence != labels else { return last }
        guard logits.rank > 2 else {
            throw .labelShape(labels: labels, logits: logits, expected: [sequence])
        }
        let map = logits.without(axis: 1)
        guard map.withoutTrailingOnes != labels.withoutTrailingOnes else { return 1 }
        throw .labelShape(
            labels: labels, logits: logits, expected: sequence == map ? [sequence] : [sequence, map])
    }
}

extension Shape {
    fileprivate func without(axis: Int) -> Shape {
        var axes = axes
        axes.remove(at: axis)
        return Shape(axes: axes)
    }

    fileprivate var withoutTrailingOnes: ArraySlice<Int> {
        let axes = axes
        return axes[..<((axes.lastIndex { $0 != 1 } ?? -1) + 1)]
    }
}
