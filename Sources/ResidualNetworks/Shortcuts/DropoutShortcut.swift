import Graphs

/// Fig. 2(f), dropout on the shortcut: h(x) = m∘x with P(m = 0) = p, not rescaled while training, so that it
/// acts as a scale with expectation λ = 1 − p. In inference mode it multiplies by 1 − p.
///
///     x ── dropout ───┐
///     └── F(x) ──────(+)
public struct DropoutShortcut: ShortcutDesign {
    /// p.
    public let dropProbability: Double

    public init(dropProbability: Double) { self.dropProbability = dropProbability }
    public var name: String { "dropout\(dropProbability.word)" }
    public var keptShare: Double? { 1 - dropProbability }

    public func paths(
        at place: UnitPlace, branch: Graph.ValueID, in network: inout NetworkGraph
    ) throws -> UnitValues {
        UnitValues(
            shortcut: try network.dropout(
                network.matched(at: place), name: "\(place.name).shortcut.dropout.mask",
                probability: dropProbability),
            branch: branch, factor: .expectation(1 - dropProbability))
    }
}
