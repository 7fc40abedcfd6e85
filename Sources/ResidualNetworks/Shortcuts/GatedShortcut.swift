import Graphs
import Operators

/// Fig. 2(c), exclusive gating as in highway networks: h(x) = (1 − g(x))∘x beside g(x)∘F(x), with
/// g(x) = σ(W_g x + b_g).
///
///     x ──────────── (1−g)∘ ─┐
///     ├── σ(W x + b) = g     │
///     └── F(x) ────── g∘ ───(+)
public struct ExclusiveGateShortcut: ShortcutDesign {
    /// b_g at the start.
    public let bias: Double

    public init(bias: Double) { self.bias = bias }
    public var name: String { "gate-exclusive:\(bias.word)" }

    public func paths(
        at place: UnitPlace, branch: Graph.ValueID, in network: inout NetworkGraph
    ) throws -> UnitValues {
        let gate = try network.gate(at: place, bias: bias)
        return UnitValues(
            shortcut: try network.gated(gate.complement, network.matched(at: place), at: place),
            branch: try network.apply(
                Mul(),
                to: network.apply(Sigmoid(), to: gate.logit, label: place.name + ".branch.gate.open"), branch,
                label: place.name + ".branch.gated"))
    }
}

/// Fig. 2(d), shortcut-only gating: h(x) = (1 − g(x))∘x beside F(x).
///
///     x ──────────── (1−g)∘ ─┐
///     ├── σ(W x + b) = g     │
///     └── F(x) ─────────────(+)
public struct ShortcutOnlyGateShortcut: ShortcutDesign {
    /// b_g at the start.
    public let bias: Double

    public init(bias: Double) { self.bias = bias }
    public var name: String { "gate-shortcut:\(bias.word)" }

    public func paths(
        at place: UnitPlace, branch: Graph.ValueID, in network: inout NetworkGraph
    ) throws -> UnitValues {
        let gate = try network.gate(at: place, bias: bias)
        return UnitValues(
            shortcut: try network.gated(gate.complement, network.matched(at: place), at: place),
            branch: branch)
    }
}

extension NetworkGraph {
    /// Of g(x) = σ(W_g x + b_g), a 1×1 convolution with the unit's stride and output width that reads x_l: what σ is
    /// taken of, and 1 − g(x) = σ(−(W_g x + b_g)), without cancellation.
    fileprivate mutating func gate(
        at place: UnitPlace, bias: Double
    ) throws -> (logit: Graph.ValueID, complement: Graph.ValueID) {
        let logit = try pointwiseConvolution(at: place, part: "gate", bias: .constant(bias))
        let name = place.name + ".shortcut.gate"
        let negated = try scale(logit, by: -1, label: name + ".negated")
        return (logit, try apply(Sigmoid(), to: negated, label: name + ".shut"))
    }

    fileprivate mutating func gated(
        _ gate: Graph.ValueID, _ x: Graph.ValueID, at place: UnitPlace
    ) throws -> Graph.ValueID {
        try apply(Mul(), to: gate, x, label: place.name + ".shortcut.gated")
    }
}
