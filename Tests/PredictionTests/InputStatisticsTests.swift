import NumericalMethods
import Prediction
import ResidualNetworks
import Testing

struct InputStatisticsTests {
    private func statistics(_ pixels: [Float], samples: Int) -> InputStatistics {
        InputStatistics(
            pixels: pixels, samples: samples, channels: 3, height: 8, width: 8, stem: StemDesign(kernel: 3))
    }

    private func noise(samples: Int) -> [Float] {
        var stream = RandomStream(seed: 3, name: "input-statistics")
        return (0..<samples * 3 * 64).map { _ in Float(stream.normal()) }
    }

    @Test("Noise is close to independent")
    func independent() {
        let found = statistics(noise(samples: 16), samples: 16)
        // Patches of 27 independent values: squared correlation 1/27 before ReLU, 0.54 of it after.
        #expect(abs(found.meanSquare - 0.5) < 1e-6)
        #expect(abs(found.channelMeanSquare / InputStatistics.independent.channelMeanSquare - 1) < 0.05)
        #expect(found.correlation > 0.05 && found.correlation < 0.25)
    }

    @Test("Images that are constant over space and differ in brightness alone are fully correlated")
    func bright() {
        let pixels = (0..<16).flatMap { sample in Array(repeating: Float(sample), count: 3 * 64) }
        let found = statistics(pixels, samples: 16)
        let independent = statistics(noise(samples: 16), samples: 16)
        #expect(found.correlation > 3 * independent.correlation)
        #expect(found.channelMeanSquare > 1.1 * independent.channelMeanSquare)
    }

    @Test("A batch without any contrast falls back to independence")
    func flat() {
        #expect(statistics(Array(repeating: 0, count: 2 * 3 * 64), samples: 2) == .independent)
    }

    @Test("Correlated inputs raise the gradient at the first units")
    func effect() throws {
        let design = smallDesign
        let plain = try MeanFieldPredictor(design).predict().units[0]
        let correlated = try MeanFieldPredictor(
            design, input: InputStatistics(meanSquare: 0.5, channelMeanSquare: 0.18, correlation: 0.5)
        ).predict().units[0]
        #expect(try #require(correlated.gradientLog10) > (try #require(plain.gradientLog10)) + 0.05)
    }
}
