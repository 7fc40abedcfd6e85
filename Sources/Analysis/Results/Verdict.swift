/// The measurement in plain words, with the numbers the words stand on.
public struct Verdict: Sendable, Equatable {
    /// Which path carries ∂E/∂x_0.
    public enum Carrier: String, Sendable, Equatable {
        case shortcuts, weights, both, neither
    }
    /// How a shortcut path is to be taken: sound within a decade either way, grave beyond six and where it delivers
    /// exactly 0, doubtful between.
    public enum Concern: String, Sendable, Equatable, CaseIterable {
        case sound, doubtful, grave
    }

    /// What the shortcuts deliver; `nil` where that was not measured, because the forward pass overflowed or there is no
    /// gradient at x_L.
    public var shortcutPath: ShortcutPath?
    /// Δ of `ShortcutPath`; `nil` where the direct term is exactly 0 at x_0 or was not measured.
    public var shortcutDecades: Double?
    public var carrier: Carrier
    /// Slope of `directLog10` in decades per unit travelled by the gradient (negative: the direct term shrinks
    /// on its way down), fitted within the stages with a level for each, with the standard error of the fit. `nil`
    /// where the direct term becomes exactly 0: what it did before is no measure of that.
    public var directLog10PerUnit: Double?
    public var directLog10PerUnitStandardError: Double?
    public var gradientLog10PerUnit: Double?
    public var gradientLog10PerUnitStandardError: Double?
    /// What the shortcut path delivers, in one sentence without a full stop.
    public var headline: String
    /// One to four sentences.
    public var sentences: [String]

    public init(carrier: Carrier, headline: String, sentences: [String]) {
        self.carrier = carrier
        self.headline = headline
        self.sentences = sentences
    }

    /// `nil` where the shortcut path was not measured.
    public var concern: Concern? {
        switch shortcutPath {
        case nil: nil
        case .dead: .grave
        case .intact, .attenuated, .vanished, .exploding:
            switch abs(shortcutDecades ?? 0) {
            case ...ShortcutPath.soundDecades: Concern.sound
            case ...ShortcutPath.graveDecades: .doubtful
            default: .grave
            }
        }
    }
}
