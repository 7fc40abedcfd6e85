import Foundation
import NumericalMethods

/// An elementwise function as a prediction needs it: its Gaussian expectations.
public protocol Activation: Sendable {
    /// At x ~ N(mean, variance); NaN where they do not exist.
    func moments(mean: Double, variance: Double) -> ActivationMoments
    /// The same as one of many laws that are averaged over; the same by default.
    func partMoments(mean: Double, variance: Double) -> ActivationMoments
    /// What becomes of small correlations and unequal lengths of x ~ N(0, variance).
    func response(variance: Double) -> ActivationResponse
}

extension Activation {
    public func partMoments(mean: Double, variance: Double) -> ActivationMoments {
        moments(mean: mean, variance: variance)
    }
}

/// The expectations of an activation at one Gaussian.
public struct ActivationMoments: Sendable, Equatable {
    public var mean: Double
    public var meanSquare: Double
    /// E φ′².
    public var slopeEnergy: Double
    /// E φ′, the slope of φ's linear regression on x (Stein 1981, Bussgang 1952).
    public var meanSlope: Double

    public init(mean: Double, meanSquare: Double, slopeEnergy: Double, meanSlope: Double) {
        self.mean = mean
        self.meanSquare = meanSquare
        self.slopeEnergy = slopeEnergy
        self.meanSlope = meanSlope
    }
}

/// max(0, x), in closed form: with a = mean/σ, E φ = σ(aΦ(a) + ϕ(a)), E φ² = σ²((1 + a²)Φ(a) + aϕ(a)) and
/// E φ′² = E φ′ = Φ(a).
public struct RectifierActivation: Activation {
    public init() {}

    public func moments(mean: Double, variance: Double) -> ActivationMoments {
        guard variance > 0 else {
            let value = max(0, mean)
            let slope: Double = mean > 0 ? 1 : 0
            return ActivationMoments(
                mean: value, meanSquare: value * value, slopeEnergy: slope, meanSlope: slope)
        }
        let deviation = variance.squareRoot()
        let a = mean / deviation
        let below = NormalDistribution.cumulative(a)
        let density = GaussianExpectation.density(a)
        return ActivationMoments(
            mean: deviation * (a * below + density),
            meanSquare: variance * ((1 + a * a) * below + a * density), slopeEnergy: below, meanSlope: below)
    }

    public func response(variance: Double) -> ActivationResponse { .rectifier }
}

/// p·max(0, x) + n·min(0, x), ReLU, leaky ReLU and |x| among them, in closed form.
struct PiecewiseLinearActivation: Activation {
    let positive: Double
    let negative: Double
    private let shape: ActivationResponse

    init(positive: Double, negative: Double) {
        self.positive = positive
        self.negative = negative
        let (p, n) = (positive, negative)
        // With u = (p − n)/√(2π) = E φ = σ²E φ″, and E φ³, E φ⁴ from E|z|³ = 2√(2/π) and E z⁴ = 3.
        let mean = (p - n) / (2 * Double.pi).squareRoot()
        shape = ActivationResponse(
            StandardExpectations(
                mean: mean, square: (p * p + n * n) / 2,
                cube: (p * p * p - n * n * n) * (2 / Double.pi).squareRoot(),
                fourth: 1.5 * (pow(p, 4) + pow(n, 4)), meanSlope: (p + n) / 2, second: mean, quartic: -mean,
                squareSecond: p * p + n * n),
            isHomogeneous: true)
    }

    func moments(mean: Double, variance: Double) -> ActivationMoments {
        let above = RectifierActivation().moments(mean: mean, variance: variance)
        let below = RectifierActivation().moments(mean: -mean, variance: variance)
        let (p, n) = (positive, negative)
        return ActivationMoments(
            mean: p * above.mean - n * below.mean,
            meanSquare: p * p * above.meanSquare + n * n * below.meanSquare,
            slopeEnergy: p * p * above.slopeEnergy + n * n * below.slopeEnergy,
            meanSlope: p * above.meanSlope + n * below.meanSlope)
    }

    func response(variance: Double) -> ActivationResponse { shape }
}

/// The standard normal distribution.
enum NormalDistribution {
    /// Φ.
    static func cumulative(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }
}
