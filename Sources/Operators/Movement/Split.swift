import Tensors

/// Neighbouring parts of an axis; ONNX `Split`, and `SplitToSequence` of which `SequenceAt` takes one.
///
/// It is no operator, as that would have several results: each part is a `Slice`, and a network reads those it needs.
public struct Split: Sendable, Hashable {
    public enum Parts: Sendable, Hashable {
        /// Their extents.
        case extents([Int])
        /// So many, of one extent, the last perhaps smaller.
        case count(Int)
        /// As many as there are of one extent, the last perhaps smaller.
        case extent(Int)
    }

    public let parts: Parts
    public let axis: Int

    public init(_ parts: Parts, axis: Int = 0) {
        self.parts = parts
        self.axis = axis
    }

    /// The operator that takes each part.
    ///
    /// - Throws: `OperatorError.attribute` where the parts are not those of the axis.
    public func slices(of shape: Shape) throws -> [Slice] {
        let axis = try shape.axis(axis, for: "Split")
        let extents = try extents(of: shape[axis], in: shape)
        var start = 0
        return extents.map { extent in
            defer { start += extent }
            return Slice([.init(axis: axis, start: start, end: start + extent)])
        }
    }

    private func extents(of extent: Int, in shape: Shape) throws(OperatorError) -> [Int] {
        func refuse(_ attribute: String, _ value: Any, _ requirement: String) -> OperatorError {
            .attribute(
                operation: "Split", attribute: attribute, value: "\(value)",
                requirement: "\(requirement) of an axis of \(extent) in an operand of shape \(shape)")
        }
        switch parts {
        case .extents(let extents):
            var rest = extent
            for part in extents {
                guard (0...rest).contains(part) else {
                    throw refuse("split", extents, "the parts are more than all")
                }
                rest -= part
            }
            guard rest == 0 else { throw refuse("split", extents, "the parts are less than all") }
            return extents
        case .count(let count):
            guard count > 0, count <= max(1, extent) else {
                throw refuse("num_outputs", count, "that many parts cannot be made")
            }
            return Self.extents(of: extent, each: (extent + count - 1) / count, count: count)
        case .extent(let part):
            guard part > 0 else { throw refuse("split", part, "a part has an extent") }
            let count = extent / part + (extent.isMultiple(of: part) ? 0 : 1)
            return Self.extents(of: extent, each: part, count: count)
        }
    }

    private static func extents(of extent: Int, each: Int, count: Int) -> [Int] {
        (0..<count).map { max(0, min(each, extent - $0 * each)) }
    }
}
