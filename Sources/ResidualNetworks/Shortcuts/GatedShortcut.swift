import Kernels

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
