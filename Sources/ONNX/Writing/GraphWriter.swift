import Graphs
import Kernels
import Operators
import Tensors

/// Writes a graph value by value, in its order: what is given as inputs, initialisers and constants, operators as nodes.
struct GraphWriter<Scalar: KernelScalar> {
    private let graph: Graph
    private let arguments: GraphArguments<Scalar>
    private var writer = NodeWriter(numbers: Scalar.self == Float.self ? .float32 : .float64)
    /// Names in the file, by value.
    private var names: [String]
    /// Parameters and running statistics.
    private var initializers: [FileTensor] = []
    /// Whether a buffer stands for the samples one by one.
    private var fixesBatch = false

    /// - Throws: `GraphWritingError`, `GraphError`.
    init(_ graph: Graph, _ arguments: GraphArguments<Scalar>) throws {
        self.graph = graph
        self.arguments = arguments
        names = Array(repeating: "", count: graph.nodes.count)
        nameGivenValues()
        let statistics = graph.runningStatistics
        var written: Set<String> = []
        for (id, node) in graph.nodes.enumerated() {
            switch node.source {
            case .input: break
            case .parameter(let name):
                guard let tensor = arguments.parameters[name] else {
                    throw GraphError.missingParameter(name: name)
                }
                if written.insert(names[id]).inserted { try initialize(id, with: tensor) }
            case .buffer(let name):
                guard let tensor = arguments.buffers[name] else { throw GraphError.missingBuffer(name: name) }
                guard written.insert(names[id]).inserted else { continue }
                if statistics.contains(id) { try initialize(id, with: tensor) } else { try hold(id, tensor) }
            case .constant(let constant):
                names[id] =
                    writer.making(node.name, label: node.label) { $0.constant(constant, node.shape) } ?? ""
            case .operation(let operation, let operands): try write(operation, operands, as: id)
            }
        }
    }

    /// Names what is given: under its own name, and what bears the same name under one name.
    private mutating func nameGivenValues() {
        var known: [String: String] = [:]
        func name(_ name: String, _ kind: String, _ writer: inout NodeWriter) -> String {
            let key = kind + name
            let found = known[key] ?? writer.unique(name)
            known[key] = found
            return found
        }
        for (id, node) in graph.nodes.enumerated() {
            switch node.source {
            case .input(let input): names[id] = name(input, "input ", &writer)
            case .parameter(let parameter): names[id] = name(parameter, "parameter ", &writer)
            case .buffer(let buffer): names[id] = name(buffer, "buffer ", &writer)
            case .constant, .operation: break
            }
        }
    }

    private mutating func initialize(_ id: Graph.ValueID, with tensor: Tensor<Scalar>) throws {
        initializers.append(
            FileTensor(names[id], type: writer.numbers, shape: try shape(of: id, for: tensor), tensor))
    }

    /// Keeps a buffer that is no running statistic: no training would follow it, and no one is to take it for learned. A
    /// mask is an initialiser of conditions, an eighth or a quarter as large, and cast where it enters.
    private mutating func hold(_ id: Graph.ValueID, _ tensor: Tensor<Scalar>) throws {
        let (name, shape) = (names[id], try shape(of: id, for: tensor))
        fixesBatch = true
        let isMask = tensor.withUnsafeBufferPointer { $0.allSatisfy { $0 == 0 || $0 == 1 } }
        guard isMask else {
            // Its name is taken already: by itself.
            writer.release(name)
            names[id] =
                writer.making(name, label: name) { $0.constant(.real(tensor.doubles), shape) } ?? ""
            return
        }
        initializers.append(FileTensor(name, type: .bool, shape: shape, tensor))
        names[id] =
            writer.making(name, label: name) { $0.node("Cast", [name], ["to": .int($0.numbers.rawValue)]) }
            ?? ""
    }

    private mutating func write(_ operation: any Operator, _ operands: [Graph.ValueID], as id: Graph.ValueID)
        throws
    {
        let node = graph.nodes[id]
        let written = NodeWriter.Operands(
            names: operands.map { names[$0] }, shapes: operands.map { graph.nodes[$0].shape },
            result: node.shape)
        let name = try writer.making(node.name, label: node.label) { try $0.value(of: operation, written) }
        guard let name else { throw GraphWritingError.noForm(operation: operation.name, label: node.label) }
        names[id] = name
    }

    /// A tensor may come in another shape of as many elements, as graphs take it.
    private func shape(of id: Graph.ValueID, for tensor: Tensor<Scalar>) throws(GraphError) -> Shape {
        let shape = graph.nodes[id].shape
        guard tensor.shape.count == shape.count else {
            throw .inputShape(name: names[id], expected: shape, found: tensor.shape)
        }
        return shape
    }

    /// The graph as a file has it.
    ///
    /// - Parameter batch: the name of the first extents, where they may be left open.
    func file(batch: String?) -> FileGraph {
        func value(_ id: Graph.ValueID) -> FileValue {
            let node = graph.nodes[id]
            var extents = node.shape.axes.map(FileValue.Extent.fixed)
            if let batch, !fixesBatch, !extents.isEmpty { extents[0] = .symbol(batch) }
            return FileValue(names[id], type: node.isWhole ? .int64 : writer.numbers, extents: extents)
        }
        let inputs = graph.nodes.indices.filter { id in
            if case .input = graph.nodes[id].source { true } else { false }
        }
        return FileGraph(
            nodes: writer.nodes, initializers: initializers + writer.initializers, inputs: inputs.map(value),
            outputs: [value(graph.output)])
    }
}

extension Graph {
    /// Buffers that batch normalisations go by.
    fileprivate var runningStatistics: Set<ValueID> {
        var statistics: Set<ValueID> = []
        for node in nodes {
            guard case .normalization(let running)? = node.operation?.role else { continue }
            statistics.formUnion(running.map { node.operands[$0] })
        }
        return statistics
    }
}

extension FileTensor {
    /// A tensor of a network, whose memory it shares.
    fileprivate init<Scalar: KernelScalar>(
        _ name: String, type: ElementType, shape: Shape, _ tensor: Tensor<Scalar>
    ) {
        let content: Content =
            if let single = tensor as? Tensor<Float> {
                .single(single)
            } else if let double = tensor as? Tensor<Double> {
                .double(double)
            } else { .reals(tensor.doubles) }
        self.init(name, type: type, shape: shape, content: content)
    }
}
