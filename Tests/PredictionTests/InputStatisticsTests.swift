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

    /// Largest of nine independent normal values and 0, by drawing them.
    @Test("Behind max pooling independent inputs have the moments of the largest of nine")
    func pooled() {
        let found = InputStatistics.independent(behind: ImageNetArchitecture().stem)
        var stream = RandomStream(seed: 5, name: "largest")
        var (sum, squares) = (0.0, 0.0)
        for _ in 0..<100_000 {
            let largest = (0..<9).reduce(0.0) { value, _ in max(value, stream.normal()) }
            sum += largest
            squares += largest * largest
        }
        // Deviations of 0.6 and 1.9 over 1e5 draws: 0.002 and 0.006; four of each.
        #expect(abs(found.channelMeanSquare.squareRoot() - sum / 1e5) < 0.008)
        #expect(abs(found.meanSquare - squares / 1e5) < 0.024)
        #expect(InputStatistics.independent(behind: nil) == .independent)
    }

    @Test("Behind max pooling noise is close to independent, and images of one brightness are not")
    func pooledImages() {
        func statistics(_ pixels: [Float]) -> InputStatistics {
            InputStatistics(
                pixels: pixels, samples: 8, channels: 3, height: 32, width: 32,
                stem: ImageNetArchitecture().stem)
        }
        var stream = RandomStream(seed: 3, name: "input-statistics")
        let noise = statistics((0..<(8 * 3 * 1024)).map { _ in Float(stream.normal()) })
        let independent = InputStatistics.independent(behind: ImageNetArchitecture().stem)
        // Neighbouring outputs share most of what they read, which takes a little off their maximum.
        #expect(abs(noise.meanSquare / independent.meanSquare - 1) < 0.15)
        #expect(abs(noise.channelMeanSquare / independent.channelMeanSquare - 1) < 0.15)
        let flat = statistics((0..<8).flatMap { Array(repeating: Float($0), count: 3 * 1024) })
        #expect(flat.correlation > 3 * noise.correlation)
        #expect(statistics(Array(repeating: 0, count: 8 * 3 * 1024)) == independent)
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
