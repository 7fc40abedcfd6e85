import Foundation
import Prediction
import Testing

/// Gaussian expectations: closed forms against adaptive integration.
struct ActivationTests {
    @Test(
        "ReLU's closed forms are the integrals", arguments: [(0.0, 1.0), (0.7, 1.0), (-1.3, 0.4), (2.0, 9.0)])
    func rectifier(mean: Double, variance: Double) throws {
        let integrated = try IntegratedActivation(
            kinks: [0], function: { max(0, $0) }, derivative: { $0 > 0 ? 1 : 0 })
        let (closed, numeric) = (
            RectifierActivation().moments(mean: mean, variance: variance),
            integrated.moments(mean: mean, variance: variance)
        )
        // The integration's own tolerance is 1e−10; E φ′² has a jump at the split.
        #expect(abs(closed.mean - numeric.mean) < 1e-8)
        #expect(abs(closed.meanSquare - numeric.meanSquare) < 1e-8)
        #expect(abs(closed.slopeEnergy - numeric.slopeEnergy) < 1e-8)
    }

    @Test("Without variance ReLU is a number")
    func constant() {
        #expect(
            RectifierActivation().moments(mean: 3, variance: 0)
                == ActivationMoments(mean: 3, meanSquare: 9, slopeEnergy: 1, meanSlope: 1))
        #expect(
            RectifierActivation().moments(mean: -3, variance: 0)
                == ActivationMoments(mean: 0, meanSquare: 0, slopeEnergy: 0, meanSlope: 0))
    }

    @Test("Any function: sine of N(0, σ²) has E sin² = (1 − e^(−2σ²))/2 and E cos² the rest")
    func sine() throws {
        let activation = try IntegratedActivation(function: { sin($0) }, derivative: { cos($0) })
        let moments = activation.moments(mean: 0, variance: 0.8)
        let expected = (1 - exp(-1.6)) / 2
        #expect(abs(moments.mean) < 1e-10)
        #expect(abs(moments.meanSquare - expected) < 1e-9)
        #expect(abs(moments.slopeEnergy - (1 - expected)) < 1e-9)
    }
}
