/// A unit of Fig. 4: where batch normalisation and ReLU stand around the branch's weight layers.
///
/// Between two weight layers there is always BN, ReLU. What differs is what leads the first, what trails the
/// last, and f:
///
///     branch = leading, weight, (BN, ReLU, weight)…, trailing        x_{l+1} = after(h(x_l) + branch)
public struct UnitLayout: Sendable {
    /// The word for it on the command line.
    public let name: String
    /// Before the first weight layer. Where there is anything, the unit is a pre-activation unit: the first
    /// unit of a network omits it (the stem has just done it), the head begins with it, and projections read
    /// its output (the paper's appendix).
    public let leading: [ActivationLayer]
    /// After the last weight layer.
    public let trailing: [ActivationLayer]
    /// f.
    public let after: any AfterAdditionDesign

    public init(
        name: String, leading: [ActivationLayer] = [], trailing: [ActivationLayer] = [],
        after: any AfterAdditionDesign = LayersAfterAddition([])
    ) {
        self.name = name
        self.leading = leading
        self.trailing = trailing
        self.after = after
    }

    public var isPreactivation: Bool { !leading.isEmpty }
}

extension UnitLayout {
    /// Fig. 4(a): conv BN ReLU conv BN, f = ReLU.
    public static let original = UnitLayout(
        name: "original", trailing: [.normalization], after: LayersAfterAddition([.activation]))
    /// Fig. 4(b): conv BN ReLU conv, f = ReLU∘BN.
    public static let normalizationAfterAddition = UnitLayout(
        name: "bn-after-addition", after: LayersAfterAddition([.normalization, .activation]))
    /// Fig. 4(c): conv BN ReLU conv BN ReLU, f = identity.
    public static let rectifierBeforeAddition = UnitLayout(
        name: "relu-before-addition", trailing: [.normalization, .activation])
    /// Fig. 4(d): ReLU conv BN ReLU conv BN, f = identity.
    public static let rectifierOnlyPreactivation = UnitLayout(
        name: "relu-only-preact", leading: [.activation], trailing: [.normalization])
    /// Fig. 4(e): BN ReLU conv BN ReLU conv, f = identity.
    public static let fullPreactivation = UnitLayout(
        name: "full-preact", leading: [.normalization, .activation])

    /// The five units of Fig. 4, in its order.
    public static let paper: [UnitLayout] = [
        .original, .normalizationAfterAddition, .rectifierBeforeAddition, .rectifierOnlyPreactivation,
        .fullPreactivation,
    ]
}
