import Graphs
import Kernels
import Operators
import Tensors

/// A model of a file on a batch: its graph, and the numbers that it is evaluated with.
public struct ReadModel<Scalar: KernelScalar>: Sendable {
    public let graph: Graph
    public let arguments: GraphArguments<Scalar>
    /// What the file asks for and a measurement leaves out.
    public let remarks: [ReadingRemark]

    /// Reads what a model's output needs.
    ///
    /// - Parameters:
    ///   - file: as sentences name it.
    ///   - arrays: of the batch, by the names of the inputs; those that the output does not need may be missing.
    ///   - output: the value that the loss is taken of; the first of the model's outputs by default.
    ///   - normalization: what batch normalisations on the signal go by; what each node says where it is `nil`.
    /// - Throws: `ModelReadingError`, `ModelFileError`, `GraphError`.
    public init(
        _ model: ModelFile, file: String, arrays: [String: Value<Scalar>], output: String? = nil,
        normalization: BatchNorm.Statistics? = nil
    ) throws {
        let needed = try NeededNodes(model, file: file, output: output)
        var reader = try GraphReader(model.graph, needed, arrays: arrays, normalization: normalization)
        let last = try reader.value(needed.output, for: "the output")
        guard last.type.kind == .real else { throw ModelReadingError.outputNotReal(needed.output) }
        let place = try reader.place(of: last, named: needed.output)
        graph = try reader.builder.graph(output: place)
        arguments = reader.arguments
        remarks = reader.remarks.sorted()
    }
}

extension GraphReader {
    /// Reads the nodes that an output needs, whatever kind of numbers that is.
    init(
        _ graph: FileGraph, _ needed: NeededNodes, arrays: [String: Value<Scalar>],
        normalization: BatchNorm.Statistics? = nil
    ) throws {
        let inputs = try BoundInput.all(needed.inputs, to: arrays)
        self.init(graph, inputs: inputs, normalization: normalization)
        for scoped in needed.nodes { try read(scoped) }
    }
}

/// What of a model an output needs.
public struct NeededNodes: Sendable {
    /// The output's name.
    public let output: String
    /// Inputs of the model that it depends on.
    public let inputs: [FileValue]
    /// Functions written out, each behind those that make its operands.
    let nodes: [FunctionInlining.Scoped]

    /// - Throws: `ModelReadingError`, also of operators that are not known.
    public init(_ model: ModelFile, file: String, output: String?) throws(ModelReadingError) {
        guard let name = output ?? model.graph.outputs.first?.name else { throw .noOutputs(file: file) }
        let all = try FunctionInlining(model, file: file).nodes
        let isThere =
            all.contains { $0.node.outputs.contains(name) } || model.graph.inputs.contains { $0.name == name }
        guard isThere, !name.isEmpty else {
            throw .noOutput(name, outputs: model.graph.outputs.map(\.name))
        }
        let nodes = try NodeOrder(all, for: name, file: file).nodes
        try Self.requireKnown(nodes)
        let read = Set(nodes.flatMap(\.node.inputs)).union([name])
        self.output = name
        self.nodes = nodes
        inputs = model.graph.inputs.filter { read.contains($0.name) }
        for input in inputs {
            if let type = input.type, type.kind == .unsupported { throw .inputType(input.name, type) }
        }
    }

    private static func requireKnown(_ nodes: [FunctionInlining.Scoped]) throws(ModelReadingError) {
        func refusal(of scoped: FunctionInlining.Scoped) -> NodeError? {
            guard !SequenceReading.reads(scoped.node) else { return nil }
            return OperatorCatalogue.refusal(
                of: scoped.node.operatorName, version: scoped.operatorSets[scoped.node.domain] ?? 1)
        }
        for scoped in nodes {
            guard let refusal = refusal(of: scoped) else { continue }
            guard case .unknown(let name) = refusal else {
                throw .refused(refusal.description, label: scoped.label)
            }
            throw .unknownOperator(
                "\(name)", node: scoped.node.name, label: scoped.label,
                count: nodes.count { $0.node.operatorName == name })
        }
    }
}
