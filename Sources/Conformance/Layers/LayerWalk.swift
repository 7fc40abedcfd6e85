import Graphs
import Operators
import Tensors

/// Takes a graph apart into layers, in the order of computation, a part at a time.
struct LayerWalk {
    private let model: ResidualModel
    /// Trainable numbers of parameters that no layer has had yet, by value.
    private var left: [Graph.ValueID: Int]
    /// Whether what only moves data is no layer.
    private let omitsMovement: Bool
    /// The next value.
    private var next = 0

    /// - Parameter parameters: how many trainable numbers each has.
    init(_ model: ResidualModel, parameters: [Graph.ValueID: Int], omittingMovement: Bool = false) {
        self.model = model
        left = parameters
        omitsMovement = omittingMovement
    }

    /// Stem or head: what has not been listed, up to a value.
    mutating func layers(upTo end: Graph.ValueID) -> [LayerRecord] {
        let part: LayerRecord.Part = next == 0 ? .stem : .head
        return layers(upTo: end, unit: nil) { _ in part }
    }

    /// A unit, up to x_{l+1}.
    mutating func layers(upTo end: Graph.ValueID, unit l: Int) -> [LayerRecord] {
        let unit = model.units[l]
        let branch = values(leadingTo: unit.branchEdges.map(\.value))
        let shortcut = values(leadingTo: unit.streams.flatMap(\.shortcutLeaves).map(\.value))
        let sums = Set(unit.streams.flatMap(\.merge.leaves).map(\.sum))
        return layers(upTo: end, unit: l) { id in
            switch (branch.contains(id), shortcut.contains(id)) {
            case (true, true): .both
            case (true, false): .branch
            case (false, true): .shortcut
            case (false, false): sums.contains(id) ? .sum : .after
            }
        }
    }

    /// Of the values not listed yet, those that others are made of.
    private func values(leadingTo ends: [Graph.ValueID]) -> Set<Graph.ValueID> {
        var (found, open) = (Set<Graph.ValueID>(), ends)
        while let id = open.popLast() {
            guard id >= next, found.insert(id).inserted else { continue }
            open += model.path.signalOperands(of: id).map(\.value)
        }
        return found
    }

    private mutating func layers(
        upTo end: Graph.ValueID, unit: Int?, _ part: (Graph.ValueID) -> LayerRecord.Part
    ) -> [LayerRecord] {
        guard next <= end else { return [] }
        defer { next = end + 1 }
        return (next...end).compactMap { id in
            guard let operation = model.path.graph.nodes[id].operation,
                !(omitsMovement && model.path.movesData(id)),
                let input = model.path.signalOperands(of: id).first
            else { return nil }
            return record(of: id, operation, reading: input.value, unit: unit, part: part(id))
        }
    }

    private mutating func record(
        of id: Graph.ValueID, _ operation: any Operator, reading input: Graph.ValueID, unit: Int?,
        part: LayerRecord.Part
    ) -> LayerRecord {
        let (nodes, node) = (model.path.graph.nodes, model.path.graph.nodes[id])
        let axis = operation.slidingWindow?.axes.first
        let parameters = takeParameters(of: node)
        return LayerRecord(
            name: node.label, unit: unit, part: part, kind: kind(of: id, operation, reading: input),
            kernel: axis?.kernel, stride: axis?.stride ?? 1, input: nodes[input].shape, output: node.shape,
            parameters: parameters,
            multiplyAdds: operation.multiplyAdds(of: node.operands.map { nodes[$0].shape }))
    }

    /// Those that a node reads, also by what is computed of them beforehand, such as a transpose.
    private mutating func takeParameters(of node: Graph.Node) -> Int {
        var (count, seen, open) = (0, Set<Graph.ValueID>(), node.operands)
        while let id = open.popLast() {
            guard !model.path.carries(id), seen.insert(id).inserted else { continue }
            count += left.removeValue(forKey: id) ?? 0
            open += model.path.graph.operands(of: id)
        }
        return count
    }

    private func kind(
        of id: Graph.ValueID, _ operation: any Operator, reading input: Graph.ValueID
    ) -> LayerRecord.Kind {
        if model.path.isWeightLayer(id) {
            // A 1×1 convolution of a vector is a matrix.
            return model.path.graph.nodes[input].shape.isVector || operation.slidingWindow == nil
                ? .linear : .convolution
        }
        if case .normalization = operation.role { return .normalization }
        return operation.truncatesNegatives ? .rectifier : .other(operation.name)
    }
}
