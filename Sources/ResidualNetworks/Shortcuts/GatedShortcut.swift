import Graphs
import Kernels
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

    public func paths<Scalar: KernelScalar>(
        at site: UnitSite<Scalar>, branch: any DifferentiableMap<Scalar>
    ) throws -> UnitPaths<Scalar> {
        let gate = try Gate(at: site, bias: bias)
        return UnitPaths(
            shortcut: MapShortcut(Product(gate.complement, site.matching)),
            branch: Product(gate.sharedOpening, branch))
    }

    public func paths(
        at place: UnitPlace, branch: Graph.ValueID, in network: inout NetworkGraph
    ) throws -> UnitValues {
        let gate = try network.gate(at: place, bias: bias)
        return UnitValues(
            shortcut: try network.apply(Mul(), to: gate.complement, network.matched(at: place)),
            branch: try network.apply(Mul(), to: network.apply(Operators.Sigmoid(), to: gate.logit), branch))
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

    public func paths<Scalar: KernelScalar>(
        at site: UnitSite<Scalar>, branch: any DifferentiableMap<Scalar>
    ) throws -> UnitPaths<Scalar> {
        let gate = try Gate(at: site, bias: bias)
        return UnitPaths(shortcut: MapShortcut(Product(gate.complement, site.matching)), branch: branch)
    }

    public func paths(
        at place: UnitPlace, branch: Graph.ValueID, in network: inout NetworkGraph
    ) throws -> UnitValues {
        let gate = try network.gate(at: place, bias: bias)
        return UnitValues(
            shortcut: try network.apply(Mul(), to: gate.complement, network.matched(at: place)),
            branch: branch)
    }
}

/// g(x) = σ(W_g x + b_g): a 1×1 convolution with the unit's stride and output width, reading x_l.
private struct Gate<Scalar: KernelScalar> {
    private let convolution: Convolution<Scalar>

    init(at site: UnitSite<Scalar>, bias: Double) throws {
        convolution = try site.pointwiseConvolution(named: "gate", biasRole: .gateBias(bias))
    }

    /// 1 − g(x) = σ(−(W_g x + b_g)). It owns the gate's parameters.
    var complement: any DifferentiableMap<Scalar> {
        Sequential([convolution, ScaledMap(-1, IdentityMap()), Sigmoid()])
    }

    /// g(x), for the branch: the same parameters, listed once, with the shortcut.
    var sharedOpening: any DifferentiableMap<Scalar> {
        SharingParameters(Sequential([convolution, Sigmoid()]))
    }
}

extension NetworkGraph {
    /// Of g(x) = σ(W_g x + b_g), a 1×1 convolution with the unit's stride and output width that reads x_l: what σ is
    /// taken of, and 1 − g(x) = σ(−(W_g x + b_g)), without cancellation.
    fileprivate mutating func gate(
        at place: UnitPlace, bias: Double
    ) throws -> (logit: Graph.ValueID, complement: Graph.ValueID) {
        let logit = try pointwiseConvolution(at: place, part: "gate", bias: .gateBias(bias))
        return (logit, try apply(Operators.Sigmoid(), to: scale(logit, by: -1)))
    }
}
