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

        /// The indices that it takes of an axis.
        func indices(of extent: Int) -> [Int] {
            func place(_ place: Int) -> Int {
                place < 0 ? place.addingReportingOverflow(extent).partialValue : place
            }
            let bounds = step > 0 ? 0...extent : -1...(extent - 1)
            let (first, last) = (
                min(max(place(start), step > 0 ? 0 : -1), step > 0 ? extent : extent - 1),
                min(max(place(end), bounds.lowerBound), bounds.upperBound)
            )
            return Array(stride(from: first, to: last, by: step))
        }
    }

    public let ranges: [Range]

    public init(_ ranges: [Range]) { self.ranges = ranges }

    public var name: String { "Slice" }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...1)
        return Shape(axes: try indices(of: operands[0]).map(\.count))
    }

    public func moves(of shapes: [Shape], _ wholes: [Int: WholeTensor], to result: Shape) throws -> [Move?] {
        let (source, target) = (shapes[0].strides, result.strides)
        return [
            Move(
                axes: try indices(of: shapes[0]).enumerated().map { axis, indices in
                    Move.Axis(
                        source: indices.map { $0 * source[axis] },
                        target: indices.indices.map { $0 * target[axis] })
                })
        ]
    }

    private func indices(of shape: Shape) throws -> [[Int]] {
        var indices = shape.axes.map { Array(0..<$0) }
        for range in ranges {
            let axis = try self.axis(range.axis, of: shape)
            guard range.step != 0 else {
                throw OperatorError.attribute(
                    operation: name, attribute: "steps", value: "0", requirement: "a step leads on")
            }
            indices[axis] = range.indices(of: shape[axis])
        }
        return indices
    }
}
