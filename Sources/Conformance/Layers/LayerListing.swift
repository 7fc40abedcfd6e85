import Graphs
import ResidualNetworks

/// The layers of a network, read off the graph that it is and not off its design's words.
public struct LayerListing: Sendable, Equatable {
    public let stem: [LayerRecord]
    /// Those of every unit, in the order of computation.
    public let units: [[LayerRecord]]
    /// What h is in every unit: identity, weight-free or a projection.
    public let shortcuts: [UnitRoles.Kind]
    public let head: [LayerRecord]

    /// Units beyond which no list is made.
    public static let greatestUnitCount = 100_000

    /// - Throws: `ConformanceError.tooManyUnits`; the network's error where it cannot be built.
    public init(_ design: NetworkDesign) throws {
        guard design.unitCount <= Self.greatestUnitCount else {
            throw ConformanceError.tooManyUnits(design.unitCount, greatest: Self.greatestUnitCount)
        }
        self.init(try design.model(batch: 1, mode: .inference))
    }

    /// - Parameter model: for a batch of one.
    public init(_ model: NetworkModel) {
        var walk = LayerWalk(model)
        let rows = model.model.rows.compactMap { $0.values.max() }
        stem = rows.first.map { walk.layers(upTo: $0) } ?? []
        units = model.model.units.indices.map { walk.layers(upTo: rows[$0 + 1], unit: $0) }
        shortcuts = model.model.units.map(\.kind)
        head = walk.layers(upTo: model.graph.output)
    }

    /// From the image to the logits.
    public var layers: [LayerRecord] { stem + units.flatMap(\.self) + head }
    public var parameters: Int { layers.reduce(0) { $0 + $1.parameters } }
    /// Of one image's forward pass.
    public var multiplyAdds: Int { layers.reduce(0) { $0 + $1.multiplyAdds } }

    /// Runs of units whose layers are the same.
    public var runs: [UnitRun] {
        units.indices.reduce(into: []) { runs, l in
            if let last = runs.last, last.shortcut == shortcuts[l], last.layers.count == units[l].count,
                zip(last.layers, units[l]).allSatisfy({ $0.repeats($1) })
            {
                runs[runs.count - 1].last = l
            } else {
                runs.append(UnitRun(first: l, last: l, shortcut: shortcuts[l], layers: units[l]))
            }
        }
    }
}

/// Consecutive units whose layers are the same.
public struct UnitRun: Sendable, Equatable {
    public let first: Int
    public internal(set) var last: Int
    public let shortcut: UnitRoles.Kind
    /// Those of the first unit.
    public let layers: [LayerRecord]
}
