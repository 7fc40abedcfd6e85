/// Which of the values that derivatives read are recomputed in the backward pass rather than kept (activation checkpointing;
/// Chen et al., 2016). From the fastest to the one that takes the least memory; no bit of a result depends on it.
public enum Checkpointing: String, Sendable, Codable, CaseIterable {
    /// All of them are kept.
    case none
    /// Every second x_l is recomputed, where that costs one weight layer: it is the largest tensor of a bottleneck unit.
    case alternateRows = "alternate-rows"
    /// Every x_l is kept, and what lies between two of them is recomputed unit by unit: about one more forward pass.
    case units
    /// Every k-th x_l is kept, and k units are recomputed at a time: about one more forward pass too, and the least memory. The
    /// k for which both parts together are smallest grows as √L.
    case segments

    /// For people; `nil` where everything is kept.
    public var words: String? {
        switch self {
        case .none: nil
        case .alternateRows: "every second x_l recomputed"
        case .units: "every unit recomputed from its x_l in the backward pass"
        case .segments: "several units at a time recomputed from an x_l in the backward pass"
        }
    }
}

extension Checkpointing {
    /// What is made with the first of some forms that is enough; with the last one where none is.
    public static func first<Made>(
        of forms: [Checkpointing], making make: (Checkpointing) throws -> Made, where isEnough: (Made) -> Bool
    ) rethrows -> Made {
        var made = try make(forms.first ?? .none)
        for form in forms.dropFirst() {
            if isEnough(made) { break }
            made = try make(form)
        }
        return made
    }
}

extension Checkpointing {
    /// Units of a segment: the k for which Σx/k + k·u is smallest (Chen et al., 2016, section 4).
    ///
    /// - Parameters:
    ///   - rows: Σx, elements of all x_l.
    ///   - unit: u, elements that recomputing a unit takes, its x_l among them.
    public static func segmentLength(rows: Double, unit: Double) -> Int {
        max(1, Int((rows / max(unit, 1)).squareRoot().rounded()))
    }
}

extension ResidualModel {
    /// The rows that stay so that others are recomputed from them, whether derivatives read them or not.
    ///
    /// - Parameters:
    ///   - graph: the path's, perhaps fused.
    ///   - read: values that derivatives read.
    func checkpoints(
        _ checkpointing: Checkpointing, in graph: Graph, read: Set<Graph.ValueID>
    ) -> Set<Graph.ValueID> {
        switch checkpointing {
        case .none, .alternateRows: []
        case .units: Set(rows.flatMap(\.values))
        case .segments:
            Set(
                stride(from: 0, to: rows.count, by: segmentLength(in: graph, read: read))
                    .flatMap { rows[$0].values })
        }
    }

    private func segmentLength(in graph: Graph, read: Set<Graph.ValueID>) -> Int {
        func elements(_ values: some Sequence<Graph.ValueID>) -> Double {
            values.reduce(0) { $0 + Double(graph.nodes[$1].shape.count) }
        }
        let ofRows = Set(rows.flatMap(\.values))
        let ends = rows.map { $0.values.max() ?? 0 }
        let inner = read.subtracting(ofRows).filter { graph.nodes[$0].operation != nil }.sorted()
        // What comes before x_0 is no unit's.
        var (next, largest) = (inner.firstIndex { $0 > ends[0] } ?? inner.endIndex, 0.0)
        for (row, end) in zip(rows, ends.dropFirst()) {
            let first = next
            while next < inner.endIndex, inner[next] < end { next += 1 }
            largest = max(largest, elements(row.values) + elements(inner[first..<next]))
        }
        return Checkpointing.segmentLength(rows: elements(ofRows), unit: largest)
    }

    /// The values that are recomputed.
    ///
    /// - Parameters:
    ///   - graph: the path's, perhaps fused.
    ///   - read: values that derivatives read.
    ///   - kept: values that are kept anyway, checkpoints among them.
    func recomputed(
        _ checkpointing: Checkpointing, in graph: Graph, read: Set<Graph.ValueID>,
        keeping kept: Set<Graph.ValueID> = []
    ) -> Set<Graph.ValueID> {
        switch checkpointing {
        case .none: return []
        case .alternateRows: return alternateRows(in: graph, read: read.union(kept))
        case .units, .segments:
            let ofRows = rows.flatMap(\.values)
            guard let first = ofRows.min(), let last = ofRows.max() else { return [] }
            return read.filter {
                (first...last).contains($0) && graph.nodes[$0].operation != nil && !kept.contains($0)
            }
        }
    }

    /// Every second row that one weight layer, at most, makes again from values that are kept.
    private func alternateRows(in graph: Graph, read: Set<Graph.ValueID>) -> Set<Graph.ValueID> {
        let ofRows = Set(rows.flatMap(\.values))
        var recomputed: Set<Graph.ValueID> = []
        for row in rows.dropFirst().dropLast() {
            guard row.values.count == 1, let value = row.values.first, read.contains(value) else { continue }
            var (open, layers, isCheap) = ([value], 0, true)
            while isCheap, let next = open.popLast() {
                guard case .operation(let operation, let operands) = graph.nodes[next].source else {
                    continue
                }
                if next != value {
                    if recomputed.contains(next) || ofRows.contains(next) && !read.contains(next) {
                        isCheap = false
                    }
                    if read.contains(next) { continue }
                }
                if operation.multiplyAdds(of: operands.map { graph.nodes[$0].shape }) > 0 { layers += 1 }
                isCheap = isCheap && layers <= 1
                open += operands
            }
            if isCheap { recomputed.insert(value) }
        }
        return recomputed
    }
}
