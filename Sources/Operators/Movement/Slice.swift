import Kernels
import Tensors

/// Parts of some axes: every `step`-th index from `start` on and before `end`; ONNX `Slice`, and each part of a `Split`.
public struct Slice: Movement {
    /// Of one axis. Negative places count from the end, and places beyond either end stand for it, as ONNX has it.
    public struct Range: Sendable, Hashable {
        public var axis: Int
        public var start: Int
        public var end: Int
        public var step: Int

        public init(axis: Int, start: Int, end: Int, step: Int = 1) {
            (self.axis, self.start, self.end, self.step) = (axis, start, end, step)
        }

        /// The first index that it takes of an axis, and one that it does not come to.
        private func bounds(of extent: Int) -> (first: Int, end: Int) {
            func place(_ place: Int) -> Int {
                place < 0 ? place.addingReportingOverflow(extent).partialValue : place
            }
            let limits = step > 0 ? 0...extent : -1...(extent - 1)
            return (
                min(max(place(start), step > 0 ? 0 : -1), step > 0 ? extent : extent - 1),
                min(max(place(end), limits.lowerBound), limits.upperBound)
            )
        }

        /// The indices that it takes of an axis.
        func indices(of extent: Int) -> [Int] {
            let (first, end) = bounds(of: extent)
            return Array(stride(from: first, to: end, by: step))
        }

        /// Their number.
        func count(of extent: Int) -> Int {
            let (first, end) = bounds(of: extent)
            let length = step > 0 ? end - first : first - end
            return length > 0 ? (length - 1) / Int(clamping: step.magnitude) + 1 : 0
        }
    }

    public let ranges: [Range]

    public init(_ ranges: [Range]) { self.ranges = ranges }

    public var name: String { "Slice" }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...1)
        var shape = operands[0]
        for (axis, range) in try byAxis(of: operands[0]) { shape[axis] = range.count(of: operands[0][axis]) }
        return shape
    }

    public func moves(of shapes: [Shape], _ wholes: [Int: WholeTensor], to result: Shape) throws -> [Move?] {
        let (source, target) = (shapes[0].strides, result.strides)
        let ranges = try byAxis(of: shapes[0])
        return [
            Move(
                axes: (0..<result.rank).map { axis in
                    guard let range = ranges[axis] else {
                        return .even(result[axis], source: source[axis], target: target[axis])
                    }
                    let indices = range.indices(of: shapes[0][axis])
                    return Move.Axis(
                        source: indices.map { $0 * source[axis] },
                        target: indices.indices.map { $0 * target[axis] })
                })
        ]
    }

    /// Of several of one axis the last one counts.
    private func byAxis(of shape: Shape) throws -> [Int: Range] {
        var byAxis: [Int: Range] = [:]
        for range in ranges {
            guard range.step != 0 else {
                throw OperatorError.attribute(
                    operation: name, attribute: "steps", value: "0", requirement: "a step leads on")
            }
            byAxis[try axis(range.axis, of: shape)] = range
        }
        return byAxis
    }
}
