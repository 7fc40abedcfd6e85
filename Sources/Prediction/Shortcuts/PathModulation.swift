import ResidualNetworks

/// What multiplies the two paths of a unit, element by element: y = α∘A(x) + β∘F(x), with α and β random but
/// independent of x and F.
public struct PathModulation: Sendable {
    /// A value of (α, β) and its probability.
    public struct Node: Sendable, Equatable {
        public var weight: Double
        public var shortcut: Double
        public var branch: Double

        public init(weight: Double, shortcut: Double, branch: Double) {
            self.weight = weight
            self.shortcut = shortcut
            self.branch = branch
        }
    }

    public var nodes: [Node]
    /// E αα′ and E ββ′ of two distant positions of a channel.
    public var shortcutPair: Double
    public var branchPair: Double
    /// E (dα/du)² and E (dβ/du)², u = W x + b the pre-activation of a gate; 0 where there is none.
    public var shortcutSlope = 0.0
    public var branchSlope = 0.0
    /// h is a 1×1 convolution of x in place of α∘A(x).
    public var isConvolution = false
    /// Share of the samples whose branch is kept, all elements of a sample together (stochastic depth); the others have
    /// β = 0. `nodes`, `branchPair` and `branchSlope` are those of a sample that keeps it.
    public var keptBranches = 1.0

    public init(
        nodes: [Node], shortcutPair: Double, branchPair: Double, shortcutSlope: Double = 0,
        branchSlope: Double = 0
    ) {
        self.nodes = nodes
        self.shortcutPair = shortcutPair
        self.branchPair = branchPair
        self.shortcutSlope = shortcutSlope
        self.branchSlope = branchSlope
    }

    /// Constant factors.
    public static func scaling(_ lambda: Double, _ mu: Double) -> PathModulation {
        PathModulation(
            nodes: [Node(weight: 1, shortcut: lambda, branch: mu)], shortcutPair: lambda * lambda,
            branchPair: mu * mu)
    }

    /// With the branch multiplied by a number, and kept for a share of the samples.
    func scalingBranch(by factor: Double, kept: Double) -> PathModulation {
        guard factor != 1 || kept != 1 else { return self }
        var copy = self
        for index in copy.nodes.indices { copy.nodes[index].branch *= factor }
        copy.branchPair *= factor * factor
        copy.branchSlope *= factor * factor
        copy.keptBranches *= kept
        return copy
    }

    /// The values of (α, β) at one element, dropped branches among them.
    var elementNodes: [Node] {
        guard keptBranches != 1 else { return nodes }
        return nodes.flatMap { node in
            [
                Node(weight: node.weight * keptBranches, shortcut: node.shortcut, branch: node.branch),
                Node(weight: node.weight * (1 - keptBranches), shortcut: node.shortcut, branch: 0),
            ]
        }
    }

    func mean(_ value: (Node) -> Double) -> Double {
        if nodes.count == 1 { return value(nodes[0]) }
        return nodes.reduce(0) { $0 + $1.weight * value($1) }
    }
}

/// A shortcut that says what it does to moments. To make a shortcut of one's own predictable, conform to it.
public protocol PredictableShortcut: ShortcutDesign {
    /// - Parameter gateVariance: variance of W x for a 1×1 convolution of x to the unit's width, and
    ///   `gateCorrelation` the correlation of two distant positions of it.
    func modulation(gateVariance: Double, gateCorrelation: Double) -> PathModulation
    /// What theory is known to leave out of it (MEASURED.md has the figures), as the part of a sentence; `nil` by default.
    var knownMiss: String? { get }
}

extension PredictableShortcut {
    public var knownMiss: String? { nil }

    /// Whether it passes x on as it is, beside F as it is.
    var isIdentity: Bool {
        let modulation = modulation(gateVariance: 1, gateCorrelation: 0)
        return !modulation.isConvolution && modulation.nodes.allSatisfy { $0.shortcut == 1 && $0.branch == 1 }
    }
}

extension IdentityShortcut: PredictableShortcut {
    public func modulation(gateVariance: Double, gateCorrelation: Double) -> PathModulation { .scaling(1, 1) }
}

extension NoShortcut: PredictableShortcut {
    public func modulation(gateVariance: Double, gateCorrelation: Double) -> PathModulation { .scaling(0, 1) }
}

extension ScalingShortcut: PredictableShortcut {
    public func modulation(gateVariance: Double, gateCorrelation: Double) -> PathModulation {
        .scaling(lambda, mu)
    }
}

extension ConvolutionShortcut: PredictableShortcut {
    public var knownMiss: String? {
        "products of narrow random 1×1 convolutions scatter too widely from seed to seed"
    }

    public func modulation(gateVariance: Double, gateCorrelation: Double) -> PathModulation {
        var modulation = PathModulation.scaling(1, 1)
        modulation.isConvolution = true
        return modulation
    }
}

extension DropoutShortcut: PredictableShortcut {
    public func modulation(gateVariance: Double, gateCorrelation: Double) -> PathModulation {
        let kept = 1 - dropProbability
        return PathModulation(
            nodes: [
                .init(weight: kept, shortcut: 1, branch: 1),
                .init(weight: dropProbability, shortcut: 0, branch: 1),
            ], shortcutPair: kept * kept, branchPair: 1)
    }
}

extension ExclusiveGateShortcut: PredictableShortcut {
    public var knownMiss: String? { gatesMiss }

    public func modulation(gateVariance: Double, gateCorrelation: Double) -> PathModulation {
        GateMoments(bias: bias, variance: gateVariance, correlation: gateCorrelation).modulation(
            gatesBranch: true)
    }
}

private let gatesMiss = "theory leaves out that gates saturate at the longest feature vectors first"

extension ShortcutOnlyGateShortcut: PredictableShortcut {
    public var knownMiss: String? { gatesMiss }

    public func modulation(gateVariance: Double, gateCorrelation: Double) -> PathModulation {
        GateMoments(bias: bias, variance: gateVariance, correlation: gateCorrelation).modulation(
            gatesBranch: false)
    }
}
