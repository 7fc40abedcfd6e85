import Kernels
import Tensors

/// Elements added at, or with negative counts taken from, the ends of axes; ONNX `Pad`.
public struct Pad: Movement {
    public enum Mode: String, Sendable {
        /// A number.
        case constant
        /// The nearest element.
        case edge
        /// The elements before, in reverse, without the one at the end.
        case reflect
        /// The elements from the other end on.
        case wrap
    }

    /// For each axis.
    public let before: [Int]
    public let after: [Int]
    public let mode: Mode
    /// Of `Mode.constant`.
    public let fill: Double

    public init(before: [Int], after: [Int], mode: Mode = .constant, fill: Double = 0) {
        self.before = before
        self.after = after
        self.mode = mode
        self.fill = fill
    }

    public var name: String { "Pad" }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...1)
        let shape = operands[0]
        func refuse(_ requirement: String) -> OperatorError {
            .attribute(
                operation: name, attribute: "pads", value: "\(before + after)",
                requirement: "\(requirement) of an operand of shape \(shape)")
        }
        guard before.count == shape.rank, after.count == shape.rank else {
            throw refuse("there are two for each axis")
        }
        var extents = shape.axes
        for axis in 0..<shape.rank {
            for added in [before[axis], after[axis]] {
                let (sum, overflows) = extents[axis].addingReportingOverflow(added)
                extents[axis] = overflows ? .max : sum
            }
            guard extents[axis] >= 0 else { throw refuse("no more can be taken than there is") }
            let greatest = max(before[axis], after[axis])
            let reach = mode == .reflect ? shape[axis] - 1 : mode == .constant ? .max : shape[axis]
            guard greatest <= max(0, reach) || mode == .edge && shape[axis] > 0 else {
                throw refuse("mode \(mode) has no element for all that are added")
            }
        }
        return try result(extents, of: operands)
    }

    public func moves(of shapes: [Shape], _ wholes: [Int: WholeTensor], to result: Shape) throws -> [Move?] {
        let (shape, source, target) = (shapes[0], shapes[0].strides, result.strides)
        return [
            Move(
                axes: (0..<result.rank).map { axis in
                    Move.Axis(
                        source: (0..<result[axis]).map {
                            place($0 - before[axis], of: shape[axis]).map { $0 * source[axis] }
                        },
                        target: (0..<result[axis]).map { $0 * target[axis] })
                })
        ]
    }

    /// The element that stands at a place, which may be beyond either end.
    private func place(_ place: Int, of extent: Int) -> Int? {
        if (0..<extent).contains(place) { return place }
        switch mode {
        case .constant: return nil
        case .edge: return place < 0 ? 0 : extent - 1
        case .reflect: return place < 0 ? -place : 2 * (extent - 1) - place
        case .wrap: return place < 0 ? place + extent : place - extent
        }
    }
}
