import Foundation
import Tensors
import Testing

@testable import Kernels

@Suite("OneDNN normalisation")
struct OneDNNNormalizationTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var shape: Shape
        var block: Int
        var testDescription: String { "\(shape) block \(block)" }
    }

    static let cases: [Case] =
        [
            Shape(2, 3, 8, 8), Shape(1, 5, 7, 7), Shape(3, 17, 5, 3), Shape(2, 32, 20, 20), Shape(7, 19),
            Shape(16, 64), Shape(2, 16, 2, 2),
        ].flatMap { shape in [1, 8, 16].map { Case(shape: shape, block: $0) } }

    static func normalization(
        _ x: Tensor<Float>, _ activation: Normalization.Activation, _ statistics: Normalization.Statistics
    ) -> Normalization {
        var generator = TestGenerator(99)
        let channels = x.shape.channels
        return Normalization(
            Plain.statistics(x.doubles, x.shape), epsilon: 1e-5,
            scale: (0..<channels).map { _ in .random(in: 0.5...1.5, using: &generator) },
            shift: (0..<channels).map { _ in .random(in: -0.5...0.5, using: &generator) },
            activation: activation, statistics: statistics)
    }

    @Test(arguments: cases)
    func statisticsAgreeWithPlainLoops(_ example: Case) {
        let x = Tensor<Float>.random(example.shape, block: example.block, seed: 1, offset: 0.3)
        let found = Float.kernels.channelStatistics(x)
        let expected = Plain.statistics(x.doubles, x.shape)
        for channel in 0..<x.shape.channels {
            #expect(abs(found.mean[channel] - expected.mean[channel]) < elementTolerance)
            #expect(
                abs(found.variance[channel] - expected.variance[channel])
                    <= elementTolerance * max(expected.variance[channel], 1e-3))
        }
    }

    /// A mean of 1000 deviations: the difference of two sums would lose all digits.
    @Test(arguments: [1, 8, 16])
    func varianceSurvivesALargeMean(block: Int) {
        let x = Tensor<Float>.random(Shape(4, 17, 24, 24), block: block, seed: 2, offset: 1000)
        let found = Float.kernels.channelStatistics(x).variance
        let expected = Plain.statistics(x.doubles, x.shape).variance
        // The data's own rounding is in both; the sums of deviations add a few parts in 1e6.
        for (found, expected) in zip(found, expected) { #expect(abs(found / expected - 1) < 1e-5) }
    }

    @Test(arguments: [Float(1e25), 1e-20])
    func varianceSurvivesExtremeSizes(size: Float) {
        let x = Float.kernels.scale(.random(Shape(2, 16, 8, 8), block: 16, seed: 3), by: Double(size))
        let found = Float.kernels.channelStatistics(x).variance
        let expected = Plain.statistics(x.doubles, x.shape).variance
        for (found, expected) in zip(found, expected) { #expect(abs(found / expected - 1) < 1e-5) }
    }

    @Test(
        arguments: cases,
        [
            (Normalization.Activation.none, Normalization.Statistics.ofBatch), (.rectifier, .ofBatch),
            (.none, .fixed), (.rectifier, .fixed),
        ])
    func mapAndDerivativesAgreeWithPlainLoops(
        _ example: Case, _ mode: (Normalization.Activation, Normalization.Statistics)
    ) {
        let (kernels, s) = (Float.kernels, example.shape)
        let x = Tensor<Float>.random(s, block: example.block, seed: 4, offset: 0.2)
        let map = Self.normalization(x, mode.0, mode.1)
        let cotangent = Tensor<Float>.random(s, block: example.block, seed: 5, offset: 0.1)
        let tangent = Tensor<Float>.random(s, block: example.block, seed: 6, offset: -0.4)
        expectClose(
            kernels.normalize(x, map), Plain.normalize(x.doubles, s, map), tolerance: elementTolerance)
        let pulled = kernels.normalizePullback(cotangent, at: x, map)
        let pushed = kernels.normalizePushforward(tangent, at: x, map)
        expectClose(
            pulled, Plain.normalizePullback(cotangent.doubles, at: x.doubles, s, map), tolerance: sumTolerance
        )
        expectClose(
            pushed, Plain.normalizePushforward(tangent.doubles, at: x.doubles, s, map),
            tolerance: sumTolerance)
        expectAdjoint(pushed, cotangent, tangent, pulled, tolerance: sumTolerance)
    }

    /// The size of x cancels in the map and appears as 1/size in the derivative: neither may leave Float's range
    /// on the way.
    @Test func derivativeSurvivesAHugeInput() {
        let kernels = Float.kernels
        let x = kernels.scale(.random(Shape(2, 16, 8, 8), block: 16, seed: 7), by: 1e25)
        let map = Self.normalization(x, .rectifier, .ofBatch)
        let cotangent = Tensor<Float>.random(x.shape, block: 16, seed: 8)
        expectClose(
            kernels.normalizePullback(cotangent, at: x, map),
            Plain.normalizePullback(cotangent.doubles, at: x.doubles, x.shape, map), tolerance: sumTolerance)
    }

    @Test(arguments: cases)
    func biasIsAddedPerChannel(_ example: Case) {
        let x = Tensor<Float>.random(example.shape, block: example.block, seed: 9)
        let bias = (0..<x.shape.channels).map { Double($0) * 0.5 - 1 }
        let expected = x.doubles.enumerated().map { $1 + bias[Plain.channel($0, x.shape)] }
        expectClose(Float.kernels.addBias(x, bias), expected, tolerance: elementTolerance)
    }

    @Test func nonFiniteInputStaysVisible() {
        let kernels = Float.kernels
        var x = Tensor<Float>.random(Shape(2, 16, 4, 4), block: 16, seed: 10)
        x.withUnsafeMutableBufferPointer { $0[5] = .infinity }
        let statistics = kernels.channelStatistics(x)
        #expect(!statistics.variance[5].isFinite)
        #expect(statistics.variance[4].isFinite)
        let map = Normalization(
            statistics, epsilon: 1e-5, scale: Array(repeating: 1, count: 16),
            shift: Array(repeating: 0, count: 16), activation: .rectifier, statistics: .ofBatch)
        #expect(kernels.normalize(x, map).elements.contains { $0.isNaN })
        _ = kernels.normalizePullback(x, at: x, map)
        _ = kernels.normalizePushforward(x, at: x, map)
    }
}
