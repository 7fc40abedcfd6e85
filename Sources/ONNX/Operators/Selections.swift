import Operators
import Tensors

extension OperatorCatalogue {
    /// Elements by their places.
    static let selections: [String: Translation] = [
        "Gather": .operation { Gather(axis: try $0.int("axis", default: 0)) },
        "GatherElements": .operation { GatherElements(axis: try $0.int("axis", default: 0)) },
        "GatherND": .operation { GatherND(batchAxes: try $0.int("batch_dims", default: 0)) },
        "Scatter": .operation { ScatterElements(axis: try $0.int("axis", default: 0)) },
        "ScatterElements": .operation {
            ScatterElements(axis: try $0.int("axis", default: 0), accumulating: try $0.isReducedBySum())
        },
        "ScatterND": .operation { ScatterND(accumulating: try $0.isReducedBySum()) },
        "TopK": Translation(outputs: { try $0.topK() }),
        "OneHot": Translation { try $0.oneHot() },
        "Compress": Translation { try $0.compress() },
    ]
}

extension NodeReading {
    /// Whether what is scattered is added to what stands there.
    fileprivate func isReducedBySum() throws -> Bool {
        switch try string("reduction", default: "none") {
        case "none": false
        case "add": true
        case let reduction: throw unsupported("reduction", reduction)
        }
    }

    /// The number is an attribute before opset 10, an operand from then on.
    fileprivate mutating func topK() throws -> [Operand?] {
        guard let count = try givenWhole(1, "k") ?? givenInt("k") else { throw malformed("has no k") }
        let selection = TopK(
            count, axis: try int("axis", default: -1), largest: try flag("largest", default: true))
        let x = try operand(0)
        let values = try apply(selection, to: x)
        guard node.outputs.count > 1 else { return [values] }
        return [values, try apply(TopKIndices(selection), to: x, type: .int64)]
    }

    /// One value where an index names the place along a new axis, the other elsewhere; indices from −depth on.
    fileprivate mutating func oneHot() throws -> Operand {
        let (indices, values) = (try operand(0), try operand(2))
        // It may be of any type of numbers.
        let stated = try operand(1).whole?.elements.first.map(Double.init) ?? givenReal(1, "depth") ?? 0
        let rank = indices.shape.rank + 1
        guard let depth = Int(exactly: stated), (1...OperatorCatalogue.greatestCount).contains(depth),
            rank <= Shape.greatestRank
        else { throw unsupported("depth", stated) }
        let axis = try place(int("axis", default: -1), of: rank)
        let places = WholeTensor.counting(to: depth, along: axis, ofRank: rank)
        let negative = WholeTensor(places.elements.map { $0 - depth }, shape: places.shape)
        let whole = try indices.isReal ? apply(Cast(to: .whole), to: indices, type: .int64) : indices
        let spread = try apply(Reshape.unsqueeze([axis]), to: whole)
        let holds = try [places, negative].map { places in
            try apply(Comparison(.equal), to: spread, constant(whole: places), type: .bool)
        }
        let isNamed = try apply(Connective(.or), to: holds, type: .bool)
        let (off, on) = (
            try apply(Slice([.init(axis: 0, start: 0, end: 1)]), to: values),
            try apply(Slice([.init(axis: 0, start: 1, end: 2)]), to: values)
        )
        return try apply(Where(), to: [isNamed, on, off], type: values.type)
    }

    /// The parts along an axis, or elements of all, for which a condition holds.
    fileprivate mutating func compress() throws -> Operand {
        var (x, axis) = (try operand(0), try givenInt("axis"))
        if axis == nil {
            x = try apply(Reshape([-1]), to: x)
            axis = 0
        }
        let kept = try wholes(1, "condition").enumerated().filter { $0.element != 0 }.map(\.offset)
        let places = constant(whole: WholeTensor(kept, shape: Shape(axes: [kept.count])))
        return try apply(Gather(axis: axis ?? 0), to: x, places)
    }
}
