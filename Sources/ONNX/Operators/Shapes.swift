import Operators
import Tensors

extension OperatorCatalogue {
    /// The same elements in the same order under other shapes.
    static let shapes: [String: Translation] = [
        "Reshape": Translation { reading in
            let extents = try reading.wholes(1, "shape")
            return try reading.apply(
                Reshape(extents, zeroCopies: !reading.flag("allowzero")), to: reading.operand(0))
        },
        "Flatten": .operation { Reshape.flatten(from: try $0.int("axis", default: 1)) },
        // Axes are an attribute before opset 13, an operand from then on.
        "Squeeze": Translation { reading in
            let axes = try reading.wholes("axes", orOperand: 1)
            return try reading.apply(Reshape.squeeze(axes), to: reading.operand(0))
        },
        "Unsqueeze": Translation { reading in
            guard let axes = try reading.wholes("axes", orOperand: 1) else {
                throw reading.malformed("has no axes")
            }
            return try reading.apply(Reshape.unsqueeze(axes), to: reading.operand(0))
        },
        "Shape": Translation { try $0.extents() },
        "Size": Translation { reading in
            let count = try reading.operand(0).shape.count
            return reading.constant(whole: WholeTensor([count], shape: Shape(axes: [])))
        },
    ]
}

extension NodeReading {
    /// From opset 15 on perhaps of some axes alone; places beyond either end stand for it.
    fileprivate mutating func extents() throws -> Operand {
        let axes = try operand(0).shape.axes
        func place(_ place: Int) -> Int {
            min(max(0, place < 0 ? place + axes.count : place), axes.count)
        }
        let (start, end) = (
            place(try int("start", default: 0)), place(try int("end", default: axes.count))
        )
        let part = Array(axes[start..<max(start, end)])
        return constant(whole: WholeTensor(part, shape: Shape(axes: [part.count])))
    }
}
