/// The measurement in plain words, with the numbers the words stand on.
public struct Verdict: Sendable, Equatable {
    /// Which path carries ∂E/∂x_0.
    public enum Carrier: String, Sendable, Equatable {
        case shortcuts, weights, both, neither
    }
    public var carrier: Carrier
    /// Slope of `directLog10` in decades per unit travelled by the gradient (negative: the direct term shrinks
    /// on its way down), fitted within the stages with a level for each, with the standard error of the fit.
    public var directLog10PerUnit: Double?
    public var directLog10PerUnitStandardError: Double?
    public var gradientLog10PerUnit: Double?
    public var gradientLog10PerUnitStandardError: Double?
    /// One to four sentences.
    public var sentences: [String]

    public init(carrier: Carrier, sentences: [String]) {
        self.carrier = carrier
        self.sentences = sentences
    }
}
