/// Cosine of ∂E/∂x_l between different samples of the batch: near 0 where gradients are shattered (Balduzzi et al.
/// 2017, "The Shattered Gradients Problem").
public struct GradientCorrelation: Sendable, Equatable {
    /// Samples beyond this number are left out: their pairs would outweigh the sweep.
    public static let greatestSampleCount = 32

    /// l.
    public var unit: Int
    /// Mean over all pairs of different samples; `nil` where fewer than two have a gradient.
    public var meanCosine: Double?
    /// Mean of the cosine's magnitude.
    public var meanAbsoluteCosine: Double?
    /// Pairs.
    public var pairs: Int

    public init(unit: Int, meanCosine: Double?, meanAbsoluteCosine: Double?, pairs: Int) {
        self.unit = unit
        self.meanCosine = meanCosine
        self.meanAbsoluteCosine = meanAbsoluteCosine
        self.pairs = pairs
    }

    static func scalars(_ rows: [GradientCorrelation]?) -> [NamedScalar] {
        guard let rows else { return [] }
        return [
            NamedScalar("gradient_correlation_first", rows.first?.meanCosine),
            NamedScalar("gradient_correlation_last", rows.last?.meanCosine),
        ]
    }
}
