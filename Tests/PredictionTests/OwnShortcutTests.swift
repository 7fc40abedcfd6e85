import Graphs
import Prediction
import ResidualNetworks
import Testing

/// Shortcuts that a caller defines.
struct OwnShortcutTests {
    /// h(x) = x/2, by another name.
    private struct Halving: PredictableShortcut {
        var name: String { "halving" }

        func paths(
            at place: UnitPlace, branch: Graph.ValueID, in network: inout NetworkGraph
        ) throws -> UnitValues {
            try ScalingShortcut(lambda: 0.5).paths(at: place, branch: branch, in: &network)
        }

        func modulation(gateVariance: Double, gateCorrelation: Double) -> PathModulation { .scaling(0.5, 1) }
    }

    /// It does not say what it does to moments.
    private struct Silent: ShortcutDesign {
        var name: String { "silent" }

        func paths(
            at place: UnitPlace, branch: Graph.ValueID, in network: inout NetworkGraph
        ) throws -> UnitValues {
            try IdentityShortcut().paths(at: place, branch: branch, in: &network)
        }
    }

    @Test("A shortcut that says what it does to moments is predicted like any other")
    func predictable() throws {
        var (own, known) = (smallDesign, smallDesign)
        own.shortcut = Halving()
        known.shortcut = ScalingShortcut(lambda: 0.5)
        #expect(try MeanFieldPredictor(own).predict() == MeanFieldPredictor(known).predict())
    }

    @Test("One that does not is refused by name")
    func silent() {
        var design = smallDesign
        design.shortcut = Silent()
        #expect(throws: PredictionError.unknownShortcut(name: "silent")) { try MeanFieldPredictor(design) }
    }
}
