import Foundation

/// What an activation makes of small correlations and of unequal lengths, of values x ~ N(0, σ²).
///
/// By Mehler's expansion E φ(a)φ(b) of two values with the correlation ρ is Σ_k c_k²ρᵏ, with c_k = E[φ(σz)He_k(z)]/√k!:
/// c_1 = σE φ′, c_2 = σ²E φ″/√2. Of ReLU (E φ′)²σ²/Var φ = ¼/(½(1 − 1/π)), and c_2² is half of c_0².
public struct ActivationResponse: Sendable, Equatable {
    /// What is left of a small correlation of centred values: c_1²/Var φ.
    public var correlationKept: Double
    /// What a mean square R² of correlations adds to the squared channel mean: c_2²R², as a share of (E φ)² where that is
    /// no small part of E φ², otherwise absolute.
    public var pairTerm: PairTerm
    /// 1/(E φ)² and E φ².
    public var inverseSquaredMean: Double
    public var meanSquare: Double
    /// d ln Var/d ln s: the relative change of E[(φ(√s z) − E φ)²] with a relative change of s, 1 of ReLU.
    public var lengthSlope: Double
    /// Var (φ − E φ)² over its squared mean: unequal lengths of its own, times 1/channels.
    public var ownLength: Double
    /// E[φHe_4]/E φ, 8 d² ln E φ/(d ln s)² of small changes; −1 of ReLU, 0 where E φ = 0.
    public var meanCurvature: Double
    /// Whether φ(cx) = cφ(x) for c > 0, as of ReLU: any length is then kept, not only small differences.
    public var isHomogeneous: Bool

    public enum PairTerm: Sendable, Equatable {
        case relative(Double)
        case absolute(Double)
    }

    static let rectifier: ActivationResponse = {
        let variance = ActivationLayerMoments.rectifiedVariance
        return ActivationResponse(
            correlationKept: 0.25 / variance, pairTerm: .relative(0.5),
            inverseSquaredMean: 2 * Double.pi, meanSquare: 0.5, lengthSlope: 1,
            ownLength: LengthSpread.rectifierOwn, meanCurvature: -1, isHomogeneous: true)
    }()

    /// (E φ)² and its change with the relative variance χ of s, over (E φ)² of equal lengths. A log-normal s has
    /// E√s = (1 + χ)^(−1/8).
    func meanSquareFactor(_ chi: Double) -> Double {
        guard !isHomogeneous else { return pow(1 + chi, -0.25) }
        // To first order in χ, which smooth activations keep small.
        let mean = max(0, 1 + min(1, chi) * meanCurvature / 8)
        return mean * mean
    }
}

/// Expectations at N(0, 1), of z ↦ φ(σz).
struct StandardExpectations {
    /// E φ … E φ⁴, σE φ′.
    var mean: Double
    var square: Double
    var cube: Double
    var fourth: Double
    var meanSlope: Double
    /// E[φHe_2], E[φHe_4], E[φ²He_2].
    var second: Double
    var quartic: Double
    var squareSecond: Double
}

extension ActivationResponse {
    init(_ e: StandardExpectations, isHomogeneous: Bool) {
        let variance = max(0, e.square - e.mean * e.mean)
        // A constant has nothing that could be correlated.
        let isConstant = variance <= 1e-14 * e.square
        let squares = e.fourth - 4 * e.mean * e.cube + 6 * e.mean * e.mean * e.square - 3 * pow(e.mean, 4)
        let isOfOneSign = e.mean * e.mean > 0.1 * e.square
        self.init(
            correlationKept: isConstant ? 0 : e.meanSlope * e.meanSlope / variance,
            pairTerm: isOfOneSign
                ? .relative(e.second * e.second / (2 * e.mean * e.mean)) : .absolute(e.second * e.second / 2),
            inverseSquaredMean: 1 / (e.mean * e.mean), meanSquare: e.square,
            lengthSlope: isConstant ? 0 : (e.squareSecond / 2 - e.mean * e.second) / variance,
            ownLength: isConstant ? 0 : max(0, squares / (variance * variance) - 1),
            meanCurvature: isOfOneSign ? e.quartic / e.mean : 0, isHomogeneous: isHomogeneous)
    }
}
