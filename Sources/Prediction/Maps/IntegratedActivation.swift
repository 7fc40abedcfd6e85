import Foundation

/// Any function with its derivative, by adaptive integration that is split at the kinks.
public struct IntegratedActivation: Activation {
    private let sweep: GaussianSweep
    /// At the N(0, 1) that a batch normalisation delivers.
    private let standard: GaussianSweep.Values
    private let shape: ActivationResponse

    /// - Parameter kinks: where φ or φ′ jumps.
    /// - Throws: `PredictionError.noExpectation` where the expectations at N(0, 1) do not converge.
    public init(
        name: String = "φ", kinks: [Double] = [], function: @escaping @Sendable (Double) -> Double,
        derivative: @escaping @Sendable (Double) -> Double
    ) throws(PredictionError) {
        sweep = GaussianSweep(kinks: kinks, rounding: Self.rounding) { x, z in
            let (value, slope, square) = (function(x), derivative(x), z * z)
            let (second, fourth) = (square - 1, square * (square - 6) + 3)
            let (energy, slopeEnergy) = (value * value, slope * slope)
            return GaussianSweep.Values(
                value, energy, slopeEnergy, slope,
                value * second, energy * second, slopeEnergy * second, slope * second,
                value * fourth, energy * fourth, slopeEnergy * fourth, slope * fourth,
                energy * value, energy * energy, 0, 0)
        }
        do {
            standard = try sweep.means(mean: 0, variance: 1)
        } catch {
            throw .noExpectation(function: name, law: "N(0, 1)", reason: error.sentence)
        }
        shape = Self.response(standard, deviation: 1)
    }

    public func moments(mean: Double, variance: Double) -> ActivationMoments {
        if mean == 0 && abs(variance - 1) < Self.near { return moments(near: variance - 1) }
        return moments(of: try? sweep.means(mean: mean, variance: variance))
    }

    /// Without its farthest values, which the mean over all parts has a better view of.
    public func partMoments(mean: Double, variance: Double) -> ActivationMoments {
        moments(of: try? sweep.means(mean: mean, variance: variance, isPart: true))
    }

    private func moments(of values: GaussianSweep.Values?) -> ActivationMoments {
        guard let values else {
            return ActivationMoments(mean: .nan, meanSquare: .nan, slopeEnergy: .nan, meanSlope: .nan)
        }
        return ActivationMoments(
            mean: values[0], meanSquare: values[1], slopeEnergy: values[2], meanSlope: values[3])
    }

    public func response(variance: Double) -> ActivationResponse {
        if abs(variance - 1) < Self.near { return shape }
        guard let values = try? sweep.means(mean: 0, variance: variance) else { return shape }
        return Self.response(values, deviation: variance.squareRoot())
    }

    /// Of φ and φ′, and of products of two or more of them.
    private static let rounding: GaussianSweep.Values = {
        var values = GaussianSweep.Values(repeating: 1e-22)
        for lane in [0, 3, 4, 7, 8, 11] { values[lane] = 1e-15 }
        return values
    }()

    /// Batch normalisation leaves v/(v + ε), a little less than 1. As d/dv E g = ½E[g He_2] and d²/dv² E g = ¼E[g He_4] at
    /// N(0, 1), two terms are right to 1e−10 of a function of moderate growth.
    private static let near = 1e-3

    private func moments(near shift: Double) -> ActivationMoments {
        func value(_ lane: Int) -> Double {
            standard[lane] + shift * (standard[lane + 4] / 2 + shift * standard[lane + 8] / 8)
        }
        return ActivationMoments(
            mean: value(0), meanSquare: value(1), slopeEnergy: value(2), meanSlope: value(3))
    }

    private static func response(_ values: GaussianSweep.Values, deviation: Double) -> ActivationResponse {
        ActivationResponse(
            StandardExpectations(
                mean: values[0], square: values[1], cube: values[12], fourth: values[13],
                meanSlope: deviation * values[3], second: values[4], quartic: values[8],
                squareSecond: values[5]),
            isHomogeneous: false)
    }
}

extension GaussianSweep.Failure {
    var sentence: String {
        switch self {
        case .diverges: "it diverges, or leaves the range of numbers"
        case .unresolved: "it does not converge, as where a slope is infinite or the function never rests"
        }
    }
}
