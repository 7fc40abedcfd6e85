import Graphs

/// Fig. 2(a), h(x) = x.
///
///     x ──────────────┐
///     └── F(x) ──────(+)
public struct IdentityShortcut: ShortcutDesign {
    public init() {}
    public var name: String { "identity" }

    public func paths(
        at place: UnitPlace, branch: Graph.ValueID, in network: inout NetworkGraph
    ) throws -> UnitValues {
        UnitValues(shortcut: try network.matched(at: place), branch: branch, factor: .exact(1))
    }
}

/// Fig. 2(b), h(x) = λx beside μF(x).
///
///     x ──── λ ───────┐
///     └── F(x) ── μ ─(+)
public struct ScalingShortcut: ShortcutDesign {
    public let lambda: Double
    public let mu: Double

    public init(lambda: Double, mu: Double = 1) {
        self.lambda = lambda
        self.mu = mu
    }

    public var name: String {
        guard mu != 1 else { return "scale\(lambda.word)" }
        // Two whole numbers with a comma between them would read as one number (`ShortcutVocabulary`).
        let areWhole = [lambda.word, mu.word].allSatisfy { Int($0) != nil }
        return "scale\(lambda.word)\(areWhole ? ".0" : ""),\(mu.word)"
    }

    public func paths(
        at place: UnitPlace, branch: Graph.ValueID, in network: inout NetworkGraph
    ) throws -> UnitValues {
        UnitValues(
            shortcut: try network.scale(
                network.matched(at: place), by: lambda, label: place.name + ".shortcut.scale"),
            branch: try network.scale(branch, by: mu, label: place.name + ".branch.scale"),
            factor: .exact(lambda))
    }
}

/// No shortcut, h(x) = 0: the plain network.
public struct NoShortcut: ShortcutDesign {
    public init() {}
    public var name: String { "none" }
    public var matchesSize: Bool { false }

    public func paths(
        at place: UnitPlace, branch: Graph.ValueID, in network: inout NetworkGraph
    ) throws -> UnitValues {
        // 0 · A(x), which nobody computes, for an A without parameters.
        let shape = network.shape(of: place.input)
        let matched =
            shape == place.output
            ? place.input
            : try network.subsampling(
                place.input, stride: place.stride, channels: place.output.channels,
                name: place.name + ".shortcut")
        return UnitValues(
            shortcut: try network.scale(matched, by: 0, label: place.name + ".shortcut.scale"),
            branch: branch, factor: .exact(0))
    }
}
