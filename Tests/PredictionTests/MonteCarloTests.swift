import Analysis
import Foundation
import Kernels
import NumericalMethods
import Prediction
import ResidualNetworks
import Tensors
import Testing

let smallDesign = NetworkDesign(block: .basic, unitsPerStage: 3)

/// Predictions against networks with drawn weights.
struct MonteCarloTests {
    /// Mean and standard error over seeds of log10 ‖g_0‖/‖g_L‖ and log10 RMS of x_L, dense, on noise.
    private func measured(_ design: NetworkDesign, seeds: Range<UInt64>) throws -> [(
        mean: Double, error: Double
    )] {
        var values: [[Double]] = [[], []]
        for seed in seeds {
            let batch = 256
            var stream = RandomStream(seed: seed, name: "monte-carlo")
            let pixels = (0..<batch * design.input.count).map { _ in Float(stream.normal()) }
            let data = LabelledBatch<Float>(
                pixels, shape: design.input.with(batch: batch), labels: (0..<batch).map { $0 % 10 })
            let result = try SignalAnalysis(
                try Network<Float>(design, parameters: HeInitialization(seed: seed)), on: data,
                options: AnalysisOptions(probes: .none, seed: seed), masks: SeededMasks(seed: seed)
            ).run()
            let (first, last) = (result.units[0], result.units[result.units.count - 1])
            values[0].append(try #require(first.gradientLog10) - (try #require(last.gradientLog10)))
            values[1].append(log10(try #require(last.forwardRMS)))
        }
        return values.map { sample in
            let mean = sample.reduce(0, +) / Double(sample.count)
            let variance = sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(sample.count - 1)
            return (mean, (variance / Double(sample.count)).squareRoot())
        }
    }

    @Test(
        "Shallow dense stacks agree within three standard errors and 2 %",
        arguments: ["identity", "scale0.5", "none", "conv1x1", "gate-shortcut:0", "dropout0.5"])
    func dense(word: String) throws {
        let shortcut = try ShortcutVocabulary.paper.shortcut(for: word)
        let design = NetworkDesign(
            architecture: DenseArchitecture(), block: .basic, unitsPerStage: 6, shortcut: shortcut,
            baseWidth: 128, input: Shape(1, 3, 8, 8))
        let trace = try MeanFieldPredictor(design, batch: 256).predict()
        let found = try measured(design, seeds: 0..<6)
        let predicted = [
            try #require(trace.units[0].gradientLog10), try #require(trace.units[6].forwardRMSLog10),
        ]
        for (prediction, measurement) in zip(predicted, found) {
            // 2 % of a gradient's decade and a hundredth of one: terms of order 1/width and 1/batch.
            let allowed = 3 * measurement.error + 0.02 * abs(measurement.mean) + 0.01
            #expect(
                abs(prediction - measurement.mean) < allowed,
                "predicted \(prediction), measured \(measurement.mean) ± \(measurement.error)")
        }
    }
}
