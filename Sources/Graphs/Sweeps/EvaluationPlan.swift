import Operators
import Tensors

/// What of a graph is computed, and what of it stays in memory: decided once, for many evaluations.
public struct EvaluationPlan: Sendable {
    public let graph: Graph
    /// The derivatives that are to be taken; what they read is kept.
    public let derivatives: DerivativePath
    /// Values that derivatives read and that are recomputed from others then, rather than kept (activation checkpointing).
    public let recomputed: Set<Graph.ValueID>
    /// Values that are given where they are not computed.
    let given: Set<Graph.ValueID>
    /// Values to compute, in order.
    let order: [Graph.ValueID]
    /// After the last use of a value that nobody keeps: which go when one has been computed.
    let releases: [[Graph.ValueID]]
    let isKept: [Bool]
    /// Values that stay once they have been recomputed, until the sweep has passed them: those that derivatives or several
    /// nodes read. As lists by value: sweeps ask at every node.
    let staysRecomputed: [Bool]
    /// The last node at which a sweep up reads a value, be it to recompute another from it.
    let lastNeed: [Graph.ValueID]

    /// - Parameters:
    ///   - sources: values that derivatives are taken with respect to.
    ///   - kept: values that stay beside what derivatives read.
    ///   - recomputed: of those that derivatives read, the ones that are recomputed.
    ///   - given: values that are given instead of being computed.
    public init(
        _ graph: Graph, derivativesTo sources: Set<Graph.ValueID>, keeping kept: Set<Graph.ValueID> = [],
        recomputing recomputed: Set<Graph.ValueID> = [], given: Set<Graph.ValueID> = []
    ) {
        self.graph = graph
        self.recomputed = recomputed
        self.given = given
        let derivatives = DerivativePath(of: graph, from: sources)
        self.derivatives = derivatives
        let isNeeded = graph.isNeeded(for: kept.union([graph.output]), given: given)
        order = graph.nodes.indices.filter { isNeeded[$0] }
        var isKept = [Bool](repeating: false, count: graph.nodes.count)
        for id in derivatives.read.subtracting(recomputed) { isKept[id] = true }
        for id in kept.union([graph.output]) { isKept[id] = true }
        // Whoever evaluates the graph holds them anyway.
        for id in order where graph.nodes[id].operation == nil { isKept[id] = true }
        self.isKept = isKept
        var readers = [Int](repeating: 0, count: graph.nodes.count)
        for id in order { for operand in graph.operands(of: id) { readers[operand] += 1 } }
        for id in derivatives.read { readers[id] += 2 }
        staysRecomputed = readers.map { $0 > 1 }
        var lastUse = Array(graph.nodes.indices)
        for id in order { for operand in graph.operands(of: id) { lastUse[operand] = id } }
        var releases = [[Graph.ValueID]](repeating: [], count: graph.nodes.count)
        for id in order where !isKept[id] { releases[lastUse[id]].append(id) }
        self.releases = releases
        var needed = derivatives.lastReader
        for id in order.reversed() {
            // What is recomputed neither on its way nor kept is recomputed for its own last reader.
            let until = isKept[id] || recomputed.contains(id) ? id : needed[id]
            for operand in graph.operands(of: id) { needed[operand] = max(needed[operand], until) }
        }
        lastNeed = needed
    }
}
