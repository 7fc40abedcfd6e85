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
        self.init(
            model.model,
            parameters: Dictionary(uniqueKeysWithValues: model.parameters.map { ($0.value, $0.count) }))
    }

    /// Of a model of any origin, on its batch.
    ///
    /// - Parameters:
    ///   - parameters: how many trainable numbers a value has, of parameters.
    ///   - omittingMovement: whether what only moves data is no layer.
    public init(
        _ model: ResidualModel, parameters: [Graph.ValueID: Int], omittingMovement: Bool = false
    ) {
        var walk = LayerWalk(model, parameters: parameters, omittingMovement: omittingMovement)
        let rows = model.rows.compactMap { $0.values.max() }
        stem = rows.first.map { walk.layers(upTo: $0) } ?? []
        units = model.units.indices.map { walk.layers(upTo: rows[$0 + 1], unit: $0) }
        shortcuts = model.units.map(\.kind)
        head = walk.layers(upTo: model.path.graph.output)
    }

    /// From the image to the logits.
    public var layers: [LayerRecord] { stem + units.flatMap(\.self) + head }
    public var parameters: Int { layers.reduce(0) { $0 + $1.parameters } }
    /// Of one image's forward pass.
    public var multiplyAdds: Int { layers.reduce(0) { $0 + $1.multiplyAdds } }

    /// Runs of units whose layers are the same.
    public var runs: [UnitRun] {
        UnitRepetition.all(of: units.count) { first, second in
            shortcuts[first] == shortcuts[second] && units[first].count == units[second].count
                && zip(units[first], units[second]).allSatisfy { $0.repeats($1) }
        }.map { repetition in
            let members = repetition.first..<(repetition.first + repetition.period)
            return UnitRun(
                repetition: repetition, shortcuts: members.map { shortcuts[$0] },
                layers: members.map { units[$0] })
        }
    }
}

/// Consecutive units whose layers are the same, or recur in turn.
public struct UnitRun: Sendable, Equatable {
    public let repetition: UnitRepetition
    /// Those of the units that recur.
    public let shortcuts: [UnitRoles.Kind]
    public let layers: [[LayerRecord]]
}
