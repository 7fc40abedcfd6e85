import Graphs
import Kernels
import Limits
import Operators
import Tensors

/// Makes the graph of a file's nodes, one after another.
///
/// What the signal does not come to is computed at once, by the same operators. It enters the graph, where the signal meets
/// it, as a parameter where it is learned, as a buffer or constant where not.
struct GraphReader<Scalar: KernelScalar> {
    private(set) var builder = GraphBuilder()
    private(set) var arguments = GraphArguments<Scalar>(inputs: [:])
    /// Sentences on what the file asks for and a measurement leaves out.
    private(set) var remarks: Set<ReadingRemark> = []
    private let initializers: [String: FileTensor]
    private let normalization: BatchNorm.Statistics?
    private var values: [String: ReadValue<Scalar>] = [:]
    /// The operators of outputs that nothing here computes, by the outputs' names.
    private var uncomputed: [String: String] = [:]
    /// Of known numbers that entered the graph.
    private var entered: [String: Graph.ValueID] = [:]

    /// - Parameters:
    ///   - inputs: with the numbers of those that a batch gives.
    ///   - normalization: what batch normalisations on the signal go by; what each node says where it is `nil`.
    init(
        _ graph: FileGraph, inputs: [BoundInput<Scalar>], normalization: BatchNorm.Statistics?
    ) {
        initializers = Dictionary(graph.initializers.map { ($0.name, $0) }) { first, _ in first }
        self.normalization = normalization
        for input in inputs {
            switch input.value {
            case .real:
                let id = builder.input(input.name, shape: input.value.shape)
                arguments.inputs[input.name] = input.value
                values[input.name] = ReadValue(
                    content: .node(id), shape: input.value.shape, type: input.type)
            case .whole:
                values[input.name] = ReadValue(
                    .init(value: input.value, followsIndices: true), type: input.type)
            }
        }
    }

    /// The value of a name; initialisers are read when somebody asks for them.
    mutating func value(_ name: String, for label: String) throws -> ReadValue<Scalar> {
        if let value = values[name] { return value }
        if let maker = uncomputed[name] {
            throw ModelReadingError.unsupportedOutput(name, operation: maker, label: label)
        }
        guard let tensor = initializers[name] else {
            throw ModelReadingError.noValue(name, label: label)
        }
        let value = try ReadValue<Scalar>(tensor, isLearned: true)
        values[name] = value
        return value
    }

    /// Makes what a node makes.
    mutating func read(_ scoped: FunctionInlining.Scoped) throws {
        let node = scoped.node
        let inputs = try node.inputs.map { $0.isEmpty ? nil : try value($0, for: scoped.label) }
        do {
            let outputs =
                try SequenceReading.outputs(of: node, inputs, in: &self, label: scoped.label)
                ?? translated(scoped, inputs)
            for (index, name) in node.outputs.enumerated() where !name.isEmpty {
                values[name] = index < outputs.count ? outputs[index] : nil
                if values[name] == nil { uncomputed[name] = node.type }
            }
        } catch let error as ModelReadingError {
            throw error
        } catch OperatorError.notReal {
            let wholes = zip(node.inputs, inputs).compactMap { name, input in
                input.flatMap { $0.type.kind == .real ? nil : (name: name, type: $0.type) }
            }
            throw ModelReadingError.wholeOperands(wholes, operation: node.type, label: scoped.label)
        } catch {
            throw ModelReadingError.node(label: scoped.label, operation: node.type, error)
        }
    }

    private mutating func translated(
        _ scoped: FunctionInlining.Scoped, _ inputs: [ReadValue<Scalar>?]
    ) throws -> [ReadValue<Scalar>?] {
        let node = scoped.node
        let operands = try inputs.enumerated().map { index, value in
            if case .parts = value?.content {
                throw ModelReadingError.sequence(
                    node.type, label: scoped.label,
                    reason: "it takes tensors, and \(node.inputs[index]) is a sequence")
            }
            return value?.operand(.input(index))
        }
        var reading = NodeReading(
            node, version: scoped.operatorSets[node.domain] ?? 1, inputs: operands)
        if let signal = inputs.first, signal?.known == nil { reading.normalization = normalization }
        let results = try OperatorCatalogue.translate(&reading)
        remarks.formUnion(ReadingRemark.all(of: node))
        return try run(reading, results, inputs, label: scoped.label)
    }

    /// Applies the operators that a node became.
    private mutating func run(
        _ reading: NodeReading, _ results: [NodeReading.Operand?], _ inputs: [ReadValue<Scalar>?],
        label: String
    ) throws -> [ReadValue<Scalar>?] {
        let node = reading.node
        let constants = reading.constants.map { ReadValue<Scalar>($0) }
        var made: [ReadValue<Scalar>] = []
        /// A name that no other value bears: that of the output which it becomes, where it becomes one.
        func name(_ source: NodeReading.Operand.Source) -> String {
            switch source {
            case .input(let index): return node.inputs[index]
            case .constant(let index): return "\(node.outputs.first ?? node.name)/constant_\(index)"
            case .step(let index):
                let output = results.firstIndex { $0?.source == source }
                if let output, output < node.outputs.count, !node.outputs[output].isEmpty {
                    return node.outputs[output]
                }
                return "\(node.outputs.first ?? node.name)/\(reading.steps[index].operation.name)_\(index)"
            }
        }
        func value(_ operand: NodeReading.Operand) -> ReadValue<Scalar>? {
            switch operand.source {
            case .input(let index): inputs[index]
            case .step(let index): made[index]
            case .constant(let index): constants[index]
            }
        }
        for (index, step) in reading.steps.enumerated() {
            let operands = step.operands.compactMap { operand in
                value(operand).map { (name: name(operand.source), value: $0) }
            }
            made.append(try apply(step, to: operands, name: name(.step(index)), label: label))
        }
        return results.map { $0.flatMap(value) }
    }

    /// One operator: computed at once where its operands are known, a node where not.
    mutating func apply(
        _ step: NodeReading.Step, to operands: [(name: String, value: ReadValue<Scalar>)], name: String,
        label: String
    ) throws -> ReadValue<Scalar> {
        let known = operands.compactMap(\.value.known)
        if known.count == operands.count, let result = try folded(step, known, label: label) {
            return ReadValue(result, type: step.type)
        }
        let ids = try operands.map { try place(of: $0.value, named: $0.name) }
        let id = try builder.apply(step.operation, to: ids, name: name, label: label)
        return ReadValue(content: .node(id), shape: step.shape, type: step.type)
    }

    /// `nil` where it has to be a node: of what is looked up by token ids a signal begins; the transpose of a weight
    /// would be a second copy of it, and a stretched learned scalar would no longer look like one.
    private func folded(
        _ step: NodeReading.Step, _ operands: [ReadValue<Scalar>.Known], label: String
    ) throws -> ReadValue<Scalar>.Known? {
        let learned = operands.map(\.learned)
        let most = learned.max() ?? 0
        if step.operation.role == .lookup, learned[0] > 1, operands[1].followsIndices { return nil }
        if step.operation is Transpose, most > 1 { return nil }
        if most == 1, step.shape.count > 1 { return nil }
        if step.shape.count > Self.unquestioned,
            MemoryAllowance.shortage(for: step.shape.count * MemoryLayout<Scalar>.stride, in: Scalar.self)
                != nil
        {
            throw ModelReadingError.tooLarge(label: label, shape: step.shape)
        }
        let value = try step.operation.value(of: operands.map(\.value)).value
        return ReadValue.Known(
            value: value, learned: most > 1 ? step.shape.count : most,
            followsIndices: operands.contains(where: \.followsIndices))
    }

    /// Elements of constants that are made without asking for memory.
    private static var unquestioned: Int { 1 << 20 }

    /// A value as one of the graph.
    mutating func place(of value: ReadValue<Scalar>, named name: String) throws -> Graph.ValueID {
        switch value.content {
        case .node(let id): return id
        case .parts: throw ModelReadingError.noValue(name, label: name)
        case .known(let known):
            if let id = entered[name] { return id }
            let id = try enter(known, named: name)
            entered[name] = id
            return id
        }
    }

    private mutating func enter(
        _ known: ReadValue<Scalar>.Known, named name: String
    ) throws -> Graph.ValueID {
        switch known.value {
        case .whole(let whole) where known.followsIndices:
            arguments.inputs[name] = known.value
            return builder.input(name, shape: whole.shape, isWhole: true)
        case .whole(let whole):
            return builder.constant(whole: whole.elements, shape: whole.shape, label: name)
        case .real where known.learned > 0:
            let tensor = try known.value.tensor
            arguments.parameters[name] = tensor
            return builder.parameter(name, shape: tensor.shape)
        case .real(let scaled, _):
            if scaled.tensor.shape.count == 1 {
                return builder.constant(scaled.doubles, shape: scaled.tensor.shape, label: name)
            }
            let tensor = scaled.plain
            arguments.buffers[name] = tensor
            return builder.buffer(name, shape: tensor.shape)
        }
    }
}
