import Graphs
import Operators
import Tensors

@testable import ONNX

/// A model whose outputs are computed one by one, in double precision.
struct EvaluatedModel {
    /// What is known of a model's inputs before the graph is made.
    enum Knowledge: CaseIterable {
        /// Nothing but whole numbers: real ones are the signal, and nodes become nodes of a graph.
        case wholeNumbers
        /// All: nodes are computed as the file is read.
        case everything
    }

    private let model: ModelFile
    private let arrays: [String: Value<Double>]

    init(_ model: ModelFile, _ inputs: [String: FileTensor], knowing knowledge: Knowledge) throws {
        let known = inputs.filter { name, _ in
            knowledge == .everything || model.graph.nodes.contains { $0.takesNumber(name) }
        }
        var stated = model
        stated.graph.inputs.removeAll { known.keys.contains($0.name) }
        stated.graph.nodes =
            known.map { FileNode("Constant", inputs: [], outputs: [$0], attributes: ["value": .tensor($1)]) }
            + model.graph.nodes
        self.model = stated
        arrays = try inputs.filter { known[$0.key] == nil }.mapValues { try $0.value() }
    }

    /// An output, whatever its numbers are.
    func value(of output: String) throws -> Value<Double> {
        let needed = try NeededNodes(model, file: "the test", output: output)
        var reader = try GraphReader<Double>(model.graph, needed, arrays: arrays)
        let value = try reader.value(output, for: "the output")
        if let known = value.known { return known.value }
        let id = try reader.place(of: value, named: output)
        let plan = EvaluationPlan(try reader.builder.graph(output: id), derivativesTo: [])
        guard let found = try GraphEvaluation(plan, reader.arguments)[id] else {
            throw ModelReadingError.noOutput(output, outputs: [])
        }
        return found
    }
}

extension FileNode {
    /// Operands of real numbers that say what is to be computed, by slot: a graph cannot have them as a signal.
    private static let numbers: [String: Set<Int>] = [
        "Clip": [1, 2], "Dropout": [1], "OneHot": [1], "Pad": [2], "Range": [0, 1, 2], "Resize": [1, 2],
        "Unique": [0], "NonZero": [0], "Upsample": [1],
    ]

    fileprivate func takesNumber(_ name: String) -> Bool {
        guard let slots = Self.numbers[type] else { return false }
        return inputs.enumerated().contains { $0.element == name && slots.contains($0.offset) }
    }
}

extension FileTensor {
    /// - Throws: `ModelFileError` of text, complex numbers and the like.
    func value() throws -> Value<Double> {
        type.kind == .real ? Value(try values()) : .whole(WholeTensor(try wholes(), shape: shape))
    }
}
