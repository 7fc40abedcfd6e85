import Foundation
import NumericalMethods

/// An elementwise function as a prediction needs it: its Gaussian expectations.
public protocol Activation: Sendable {
    /// E φ(x), E φ(x)², E φ′(x)² for x ~ N(mean, variance).
    func moments(mean: Double, variance: Double) -> ActivationMoments
}

/// The expectations of an activation at one Gaussian.
public struct ActivationMoments: Sendable, Equatable {
    public var mean: Double
    public var meanSquare: Double
    /// E φ′².
    public var slopeEnergy: Double

    public init(mean: Double, meanSquare: Double, slopeEnergy: Double) {
        self.mean = mean
        self.meanSquare = meanSquare
        self.slopeEnergy = slopeEnergy
    }
}

/// max(0, x), in closed form: with a = mean/σ, E φ = σ(aΦ(a) + ϕ(a)), E φ² = σ²((1 + a²)Φ(a) + aϕ(a)) and
/// E φ′² = Φ(a).
public struct RectifierActivation: Activation {
    public init() {}

    public func moments(mean: Double, variance: Double) -> ActivationMoments {
        guard variance > 0 else {
            let value = max(0, mean)
            return ActivationMoments(mean: value, meanSquare: value * value, slopeEnergy: mean > 0 ? 1 : 0)
        }
        let deviation = variance.squareRoot()
        let a = mean / deviation
        let below = NormalDistribution.cumulative(a)
        let density = GaussianExpectation.density(a)
        return ActivationMoments(
            mean: deviation * (a * below + density),
            meanSquare: variance * ((1 + a * a) * below + a * density), slopeEnergy: below)
    }
}

/// Any function with its derivative, by adaptive integration that is split at the kinks.
public struct IntegratedActivation: Activation {
    private let function: @Sendable (Double) -> Double
    private let derivative: @Sendable (Double) -> Double
    private let kinks: [Double]
    /// At the N(0, 1) that a batch normalisation delivers.
    private let standard: ActivationMoments

    /// - Parameter kinks: where φ or φ′ jumps.
    /// - Throws: `NumericalError` where the expectations at N(0, 1) do not converge.
    public init(
        kinks: [Double] = [], function: @escaping @Sendable (Double) -> Double,
        derivative: @escaping @Sendable (Double) -> Double
    ) throws {
        self.function = function
        self.derivative = derivative
        self.kinks = kinks
        standard = try Self.expectations(function, derivative, kinks, mean: 0, variance: 1)
    }

    public func moments(mean: Double, variance: Double) -> ActivationMoments {
        if mean == 0 && abs(variance - 1) < 1e-9 { return standard }
        return
            (try? Self.expectations(function, derivative, kinks, mean: mean, variance: variance))
            ?? ActivationMoments(mean: .nan, meanSquare: .nan, slopeEnergy: .nan)
    }

    private static func expectations(
        _ function: @escaping (Double) -> Double, _ derivative: @escaping (Double) -> Double,
        _ kinks: [Double], mean: Double, variance: Double
    ) throws -> ActivationMoments {
        func expectation(_ value: @escaping (Double) -> Double) throws -> Double {
            try GaussianExpectation.mean(
                standardDeviation: variance.squareRoot(), kinks: kinks.map { $0 - mean }
            ) { value(mean + $0) }
        }
        return ActivationMoments(
            mean: try expectation(function), meanSquare: try expectation { function($0) * function($0) },
            slopeEnergy: try expectation { derivative($0) * derivative($0) })
    }
}

/// The standard normal distribution.
enum NormalDistribution {
    /// Φ.
    static func cumulative(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }
}
