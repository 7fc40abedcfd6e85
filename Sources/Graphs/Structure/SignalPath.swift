import Operators
import Tensors

/// The part of a graph that the signal takes: the values through which a derivative of the output with respect to the
/// inputs flows, and which of the operators among them are weight layers.
///
/// It begins at the inputs of real numbers and at embeddings: what the indices of an input of whole numbers take out of a
/// learned table. It passes from operand to result through differentiable slots alone. What does not depend on it (masks,
/// position tables, standardised weights) is no part of it.
public struct SignalPath: Sendable {
    public let graph: Graph
    /// By value.
    private let carries: [Bool]
    private let operands: [[(slot: Int, value: Graph.ValueID)]]
    private let learnedElements: [Int]
    private let layers: Set<Graph.ValueID>
    /// The values that read each one, as far as the signal passes; by value.
    public let consumers: [[Graph.ValueID]]

    /// - Parameters:
    ///   - weightLayers: values that are to be taken for weight layers, or not, whatever is found.
    /// - Throws: `GraphError.noSignal` where no derivative reaches the output.
    public init(of graph: Graph, weightLayers overrides: [Graph.ValueID: Bool] = [:]) throws {
        self.graph = graph
        var depends = [Bool](repeating: false, count: graph.nodes.count)
        var learned = [Int](repeating: 0, count: graph.nodes.count)
        // Through whatever slots: what decides which rows of a table are taken.
        var (followsSignal, followsIndices) = (depends, depends)
        for (id, node) in graph.nodes.enumerated() {
            switch node.source {
            case .input:
                depends[id] = !node.isWhole
                followsIndices[id] = node.isWhole
            case .parameter: learned[id] = node.shape.count
            case .buffer, .constant: break
            case .operation(let operation, let operands):
                depends[id] = operands.indices.contains {
                    depends[operands[$0]] && operation.isDifferentiable(in: $0)
                }
                followsSignal[id] = operands.contains { followsSignal[$0] }
                followsIndices[id] = operands.contains { followsIndices[$0] }
                if operation.role == .lookup, learned[operands[0]] > 1, followsIndices[operands[1]],
                    !followsSignal[operands[1]]
                {
                    depends[id] = true
                }
                // Weights that a router selects are weights: no derivative passes from its indices.
                let most = depends[id] ? 0 : operands.map { learned[$0] }.max() ?? 0
                // A learned scalar stays one, whatever it is stretched to.
                learned[id] = most > 1 ? node.shape.count : most
            }
            followsSignal[id] = followsSignal[id] || depends[id]
        }
        var isNeeded = [Bool](repeating: false, count: graph.nodes.count)
        isNeeded[graph.output] = depends[graph.output]
        for id in graph.nodes.indices.reversed() where isNeeded[id] {
            guard let operation = graph.nodes[id].operation else { continue }
            for (slot, operand) in graph.operands(of: id).enumerated()
            where depends[operand] && operation.isDifferentiable(in: slot) { isNeeded[operand] = true }
        }
        guard isNeeded[graph.output] else { throw Self.noSignal(in: graph) }
        carries = isNeeded
        var consumers = [[Graph.ValueID]](repeating: [], count: graph.nodes.count)
        operands = graph.nodes.enumerated().map { id, node in
            guard isNeeded[id], let operation = node.operation else { return [] }
            let operands = node.operands.enumerated().filter {
                isNeeded[$0.element] && operation.isDifferentiable(in: $0.offset)
            }
            for (_, operand) in operands where consumers[operand].last != id { consumers[operand].append(id) }
            return operands.map { ($0.offset, $0.element) }
        }
        self.consumers = consumers
        learnedElements = learned
        layers = Set(
            graph.nodes.indices.filter { id in
                guard isNeeded[id] else { return false }
                return overrides[id] ?? Self.isWeightLayer(graph.nodes[id], depends, learned)
            })
    }

    private static func noSignal(in graph: Graph) -> GraphError {
        let inputs = graph.nodes.compactMap { node in
            if case .input(let name) = node.source { name } else { nil }
        }
        return .noSignal(output: graph.nodes[graph.output].name, inputs: inputs)
    }

    /// A product of the signal with something learned that has more than one element.
    private static func isWeightLayer(_ node: Graph.Node, _ depends: [Bool], _ learned: [Int]) -> Bool {
        guard let operation = node.operation, case .product(let slots) = operation.role else { return false }
        let factors = slots.map { node.operands[$0] }
        return factors.contains { depends[$0] } && factors.contains { !depends[$0] && learned[$0] > 1 }
    }

    public func carries(_ id: Graph.ValueID) -> Bool { carries[id] }
    public func isWeightLayer(_ id: Graph.ValueID) -> Bool { layers.contains(id) }
    /// Whether a value is made of trainable numbers alone.
    public func isLearned(_ id: Graph.ValueID) -> Bool { learnedElements[id] > 0 }
    /// Learned numbers that a weight layer multiplies with.
    func weights(of id: Graph.ValueID) -> Int {
        graph.operands(of: id).filter { !carries[$0] }.reduce(0) { $0 + learnedElements[$1] }
    }

    /// Operands through which the signal comes, each with its slot.
    public func signalOperands(of id: Graph.ValueID) -> [(slot: Int, value: Graph.ValueID)] { operands[id] }

    /// For every value that a given one depends on by the signal, the fewest weight layers on a way from there to it, that
    /// value's own operator not counted; `nil` for others.
    func fewestLayers(to id: Graph.ValueID) -> [Int?] {
        var fewest = [Int?](repeating: nil, count: id + 1)
        fewest[id] = 0
        // Every value comes after its operands.
        for value in (0...id).reversed() {
            guard let behind = fewest[value] else { continue }
            let through = behind + (isWeightLayer(value) ? 1 : 0)
            for (_, operand) in signalOperands(of: value) {
                fewest[operand] = min(fewest[operand] ?? through, through)
            }
        }
        return fewest
    }

    /// Whether some way from one value to a later one takes no weight layer.
    package func isFreeOfWeights(from start: Graph.ValueID, to end: Graph.ValueID) -> Bool {
        var (seen, open) = (Set<Graph.ValueID>(), [end])
        while let value = open.popLast() {
            if value == start { return true }
            guard value > start, !isWeightLayer(value), seen.insert(value).inserted else { continue }
            open += signalOperands(of: value).map(\.value)
        }
        return false
    }
}
