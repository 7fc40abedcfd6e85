import Foundation
import Graphs
import NumericalMethods

/// Eqn. 6, h_l(x) = λ_l·A(x), with a λ_l of its own for every unit: of random sign, its size log-uniform over
/// ±`decades`. What holds for it holds for no single λ by chance.
public struct PerUnitScaling: ShortcutDesign {
    public let seed: UInt64
    public let decades: Double
    public var name: String { "per-unit-scale" }

    public init(seed: UInt64, decades: Double = 2) {
        self.seed = seed
        self.decades = decades
    }

    /// λ_l.
    public func lambda(ofUnit index: Int) -> Double {
        var stream = RandomStream(seed: seed, name: "lambda.\(index)")
        let size = pow(10, stream.uniform(in: -decades..<decades))
        return stream.integer(below: 2) == 0 ? size : -size
    }

    public func resolved(at position: UnitPosition) -> any ShortcutDesign {
        ScalingShortcut(lambda: lambda(ofUnit: position.index))
    }

    public func paths(
        at place: UnitPlace, branch: Graph.ValueID, in network: inout NetworkGraph
    ) throws -> UnitValues {
        try resolved(at: place.position).paths(at: place, branch: branch, in: &network)
    }
}
