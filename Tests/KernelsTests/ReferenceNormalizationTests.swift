import Kernels
import ProofSupport
import Tensors
import Testing

@Suite("Reference batch normalisation")
struct ReferenceNormalizationTests {
    private static let epsilon = 1e-5

    struct Case: Sendable {
        let shape: Shape
        let activation: Normalization.Activation
        let statistics: Normalization.Statistics
    }

    static let cases: [Case] = [Shape(3, 2, 3, 5), Shape(1, 3, 4, 4), Shape(9, 4), Shape(2, 1, 1, 5)].flatMap { shape in
        [Normalization.Activation.none, .rectifier].flatMap { activation in
            [Normalization.Statistics.ofBatch, .fixed].map {
                Case(shape: shape, activation: activation, statistics: $0)
            }
        }
    }

    private func normalization(_ x: Tensor<Double>, _ tested: Case) -> Normalization {
        let channels = x.shape.channels
        // Fixed statistics are not those of the batch; γ of both signs.
        let statistics =
            tested.statistics == .ofBatch
            ? Double.kernels.channelStatistics(x)
            : ChannelStatistics(
                mean: (0..<channels).map { 0.3 - 0.2 * Double($0) },
                variance: (0..<channels).map { 0.5 + Double($0) })
        return Normalization(
            statistics, epsilon: Self.epsilon, scale: (0..<channels).map { $0 % 2 == 0 ? 1.3 : -0.7 },
            shift: (0..<channels).map { 0.1 * Double($0) - 0.2 }, activation: tested.activation,
            statistics: tested.statistics)
    }

    private func value(_ x: Tensor<Double>, _ tested: Case) -> Tensor<Double> {
        Double.kernels.normalize(x, normalization(x, tested))
    }

    @Test func statisticsFollowTheirDefinition() {
        let x: Tensor<Double> = randomTensor(Shape(3, 2, 2, 5), seed: 4, name: "x").map { 5 + $0 }
        let found = Double.kernels.channelStatistics(x)
        for channel in 0..<2 {
            let elements = x.elements.enumerated().filter { $0.offset / 10 % 2 == channel }.map(\.element)
            let mean = elements.reduce(0, +) / 30
            let variance = elements.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 30
            #expect(elements.count == 30)
            #expect(abs(found.mean[channel] - mean) < 1e-14)
            #expect(abs(found.variance[channel] - variance) < 1e-14, "the variance is biased: 1/n")
        }
    }

    /// A small variance on a large mean survives: two passes.
    @Test func varianceSurvivesALargeMean() {
        let x = Tensor<Double>([1e8, 1e8 + 1, 1e8 + 2], shape: Shape(3, 1))
        #expect(abs(Double.kernels.channelStatistics(x).variance[0] - 2.0 / 3) < 1e-12)
    }

    @Test(arguments: cases)
    func derivativesFollowTheValue(tested: Case) {
        let x: Tensor<Double> = randomTensor(tested.shape, seed: 5, name: "x")
        let v: Tensor<Double> = randomTensor(tested.shape, seed: 5, name: "tangent")
        let u: Tensor<Double> = randomTensor(tested.shape, seed: 5, name: "cotangent")
        let n = normalization(x, tested)
        let pushed = Double.kernels.normalizePushforward(v, at: x, n)
        let pulled = Double.kernels.normalizePullback(u, at: x, n)

        let h = 1e-4
        func step(_ h: Double) -> Tensor<Double> {
            combination(1, value(combination(1, x, h, v), tested), -1, value(combination(1, x, -h, v), tested))
        }
        let difference = combination(8 / (12 * h), step(h), -1 / (12 * h), step(2 * h))
        // Fourth order: 1e−16 truncated, 1e−12 rounded, a hundredfold for what the projection takes away.
        #expect(relativeError(pushed, difference) < 1e-10)
        let size = max(norm(pushed) * norm(u), norm(v) * norm(pulled))
        #expect(abs(inner(pushed, u) - inner(v, pulled)) < 1e-13 * size)
    }

    /// In training mode the value does not change with x's mean and hardly with its scale, so neither direction
    /// sees them; a uniform cotangent without a rectifier is pulled back to 0.
    @Test func projectsOutMeanAndScale() {
        let tested = Case(shape: Shape(6, 2, 2, 2), activation: .none, statistics: .ofBatch)
        let x: Tensor<Double> = randomTensor(tested.shape, seed: 6, name: "x")
        let n = normalization(x, tested)
        let ones = x.map { _ in 1.0 }
        #expect(norm(Double.kernels.normalizePushforward(ones, at: x, n)) < 1e-13)
        #expect(norm(Double.kernels.normalizePullback(ones, at: x, n)) < 1e-13)
        // What is left of x itself is ε/σ² of it, by ε in the deviation.
        #expect(norm(Double.kernels.normalizePushforward(x, at: x, n)) < 10 * Self.epsilon * norm(x))
    }

    /// A single element a channel has no variance and passes nothing.
    @Test func batchOfOneVectorPassesNothing() {
        let tested = Case(shape: Shape(1, 3), activation: .none, statistics: .ofBatch)
        let x: Tensor<Double> = randomTensor(tested.shape, seed: 7, name: "x")
        let n = normalization(x, tested)
        #expect(value(x, tested).elements == n.shift)
        #expect(norm(Double.kernels.normalizePullback(x, at: x, n)) == 0)
    }

    @Test func rectifierIsThatOfTheValue() {
        for statistics in [Normalization.Statistics.ofBatch, .fixed] {
            let plain = Case(shape: Shape(4, 3, 2, 2), activation: .none, statistics: statistics)
            let rectified = Case(shape: plain.shape, activation: .rectifier, statistics: statistics)
            let x: Tensor<Double> = randomTensor(plain.shape, seed: 8, name: "x")
            #expect(value(x, rectified).elements == value(x, plain).elements.map { max(0, $0) })
        }
    }
}
