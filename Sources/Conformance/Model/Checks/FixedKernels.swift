import Graphs
import Operators

extension ModelStructure {
    /// Convolutions whose filters, one a channel, are all the same: a blur or an interpolation that was written with the
    /// weights. Counted as a weight layer it would make a shortcut a projection, and a pool a branch.
    var fixedKernels: [StructureFinding] {
        let path = model.path
        return path.graph.nodes.indices.filter { path.isWeightLayer($0) }.compactMap { layer in
            guard let filters = filters(of: layer), isOneFilter(filters) else { return nil }
            return StructureFinding(
                .fixedKernel, units: [unit(of: layer)].compactMap(\.self), label: label(layer),
                values: [name(layer), name(filters)],
                "\(name(layer)) has one and the same filter for each of its \(path.graph.nodes[filters].shape[0]) "
                    + "channels, and counts as a weight layer; if it is fixed, say --no-weight-layer \(name(layer))."
            )
        }
    }

    /// Those of a depthwise convolution over more than one place.
    private func filters(of layer: Graph.ValueID) -> Graph.ValueID? {
        let (path, nodes) = (model.path, model.path.graph.nodes)
        guard let window = nodes[layer].operation?.slidingWindow, window.count > 1,
            case .product(let slots) = nodes[layer].operation?.role, slots.count == 2,
            nodes[layer].operands.count > slots[1]
        else { return nil }
        let filters = nodes[layer].operands[slots[1]]
        let shape = nodes[filters].shape
        return !path.carries(filters) && shape.rank > 2 && shape[0] > 1 && shape[1] == 1 ? filters : nil
    }

    private func isOneFilter(_ filters: Graph.ValueID) -> Bool {
        let nodes = model.path.graph.nodes
        guard let all = numbers.of(nodes[filters]) else {
            // Stretched from one filter.
            return nodes[filters].operation is Expand
                && nodes[filters].operands.first.map { nodes[$0].shape.rank > 0 && nodes[$0].shape[0] == 1 }
                    ?? false
        }
        let size = all.count / nodes[filters].shape[0]
        return all.indices.allSatisfy { all[$0] == all[$0 % size] }
    }
}
