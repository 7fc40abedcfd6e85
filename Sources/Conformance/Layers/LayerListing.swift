import Kernels
import ResidualNetworks
import Tensors

/// The layers of a network, read off the network itself and not off its design's words.
public struct LayerListing: Sendable, Equatable {
    public let stem: [LayerRecord]
    /// Those of every unit: branch, shortcut, f.
    public let units: [[LayerRecord]]
    public let head: [LayerRecord]

    /// Units beyond which no list is made.
    public static let greatestUnitCount = 100_000

    /// Builds the network with weights that have no elements.
    ///
    /// - Throws: `ConformanceError.tooManyUnits`; the network's error where it cannot be built.
    public init(_ design: NetworkDesign) throws {
        guard design.unitCount <= Self.greatestUnitCount else {
            throw ConformanceError.tooManyUnits(design.unitCount, greatest: Self.greatestUnitCount)
        }
        self.init(try Network<Double>(design, parameters: ShapesAlone()), input: design.input)
    }

    /// - Parameter input: shape of one image, batch size 1.
    public init(_ network: Network<Double>, input: Shape) {
        let shapes = network.rowShapes(for: input)
        stem = LayerWalk.layers(of: network.stem, input: input, part: .stem)
        units = network.units.enumerated().map { l, unit in
            LayerWalk.layers(of: unit.branch, input: shapes[l], part: .branch, unit: l)
                + LayerWalk.layers(of: unit.shortcut, input: shapes[l], part: .shortcut, unit: l)
                + LayerWalk.layers(of: unit.after, input: shapes[l + 1], part: .after, unit: l)
        }
        head = LayerWalk.layers(of: network.head, input: shapes[network.units.count], part: .head)
    }

    /// From the image to the logits.
    public var layers: [LayerRecord] { stem + units.flatMap(\.self) + head }
    public var parameters: Int { layers.reduce(0) { $0 + $1.parameters } }
    /// Of one image's forward pass.
    public var multiplyAdds: Int { layers.reduce(0) { $0 + $1.multiplyAdds } }

    /// Runs of units whose layers are the same.
    public var runs: [UnitRun] {
        units.indices.reduce(into: []) { runs, l in
            if let last = runs.last, last.layers.count == units[l].count,
                zip(last.layers, units[l]).allSatisfy({ $0.repeats($1) })
            {
                runs[runs.count - 1].last = l
            } else {
                runs.append(UnitRun(first: l, last: l, layers: units[l]))
            }
        }
    }
}

/// Consecutive units whose layers are the same.
public struct UnitRun: Sendable, Equatable {
    public let first: Int
    public internal(set) var last: Int
    /// Those of the first unit.
    public let layers: [LayerRecord]
}
