import Kernels
import Operators
import Tensors

/// What a reverse sweep carries from the output down: one cotangent, or several that the same linear maps pull back.
package protocol Cotangents {
    associatedtype Scalar: KernelScalar

    /// Pulled back by an operation to its operands in some slots, in their order.
    ///
    /// - Parameter isCut: by slot, whether the edge is one by which F enters its merge.
    consuming func pulledBack(
        by operation: any Operator, to slots: [Int], isCut: (Int) -> Bool, at point: Point<Scalar>
    ) throws -> [Self]

    /// Passes the normalisations that were put off, as somebody looks at it.
    mutating func resolveInPlace()

    /// What reaches a value by two ways.
    consuming func plus(_ other: consuming Self) throws -> Self
}

extension Cotangents {
    /// Nothing is put off.
    package mutating func resolveInPlace() {}
}

/// An edge of a graph: the operand in a slot of a node.
package struct GraphEdge: Hashable {
    let node: Graph.ValueID
    let slot: Int
}

/// One reverse sweep over a graph.
package struct ReverseSweep<Carried: Cotangents> {
    package typealias Scalar = Carried.Scalar

    let cuts: Set<GraphEdge>
    let visited: Set<Graph.ValueID>

    package init(cutting edges: some Sequence<Merge.Leaf> = [], visiting values: Set<Graph.ValueID>) {
        cuts = Set(edges.map { GraphEdge(node: $0.sum, slot: $0.slot) })
        visited = values
    }

    /// Walks from a value down.
    ///
    /// - Parameters:
    ///   - seeds: cotangents by value.
    ///   - end: the last value to visit.
    ///   - visit: called when all of a value's cotangent is there; it may change it, as a stage begins anew there.
    package func run(
        _ evaluation: GraphEvaluation<Scalar>, from seeds: [Graph.ValueID: Carried],
        downTo end: Graph.ValueID = 0, visit: (Graph.ValueID, inout Carried) throws -> Void
    ) throws {
        var evaluation = evaluation
        try run(&evaluation, from: seeds, downTo: end, releasing: false, visit: visit)
    }

    /// The same, giving up what is kept of every node as soon as it has been passed.
    package func run(
        consuming evaluation: inout GraphEvaluation<Scalar>, from seeds: [Graph.ValueID: Carried],
        visit: (Graph.ValueID, inout Carried) throws -> Void
    ) throws { try run(&evaluation, from: seeds, downTo: 0, releasing: true, visit: visit) }

    @specialized(where Carried == PathTerms<Float>)
    @specialized(where Carried == Cotangent<Float>)
    private func run(
        _ evaluation: inout GraphEvaluation<Scalar>, from seeds: [Graph.ValueID: Carried],
        downTo end: Graph.ValueID, releasing: Bool, visit: (Graph.ValueID, inout Carried) throws -> Void
    ) throws {
        let path = evaluation.plan.derivatives
        var open = [Carried?](repeating: nil, count: path.graph.nodes.count)
        var recomputed: [Graph.ValueID: Value<Scalar>] = [:]
        for (id, seed) in seeds { open[id] = seed }
        for id in stride(from: seeds.keys.max() ?? -1, through: max(path.start, end), by: -1) {
            if visited.contains(id), var here = open[id].take() {
                here.resolveInPlace()
                try visit(id, &here)
                open[id] = consume here
            }
            let slots = path.derivations[id].slots
            if open[id] != nil, !slots.isEmpty {
                let pulled = try evaluation.differentiate(id, recomputing: &recomputed) { operation, point in
                    try open[id].take()?.pulledBack(
                        by: operation, to: slots,
                        isCut: { cuts.contains(GraphEdge(node: id, slot: $0)) }, at: point) ?? []
                }
                try add(pulled, to: path.operands(of: id), in: &open)
            }
            open[id] = nil
            // Whoever reads a value comes after it.
            if !recomputed.isEmpty { recomputed[id] = nil }
            if releasing { evaluation.release(id) }
        }
    }

    private func add(
        _ pulled: consuming [Carried], to edges: [(slot: Int, value: Graph.ValueID)],
        in open: inout [Carried?]
    ) throws {
        var pulled = (consume pulled).map(Optional.some)
        for index in edges.indices {
            let operand = edges[index].value
            guard let part = pulled[index].take() else { continue }
            // Handed on, so that the sum can be written in the memory of its parts.
            if let sum = open[operand].take() {
                open[operand] = try (consume sum).plus(consume part)
            } else {
                open[operand] = consume part
            }
        }
    }
}
