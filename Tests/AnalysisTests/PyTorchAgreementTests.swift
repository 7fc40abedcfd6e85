import Analysis
import Foundation
import Kernels
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

@Suite("An independent framework's numbers")
struct PyTorchAgreementTests {
    /// Every shortcut × unit on a small network, in Double.
    @Test(arguments: UnitLayout.paper.map(\.name))
    func everyNormAgrees(unit: String) throws {
        let cases = try PyTorchFixture.load(unit: unit)
        #expect(cases.count >= 8)
        for fixture in cases { try compare(fixture) }
    }

    private func compare(_ fixture: PyTorchFixture.Case) throws {
        let result = try Self.measure(fixture, in: Double.self)
        #expect(result.network.parameters == fixture.parameters, "\(fixture)")
        #expect(result.network.depth == fixture.depth, "\(fixture)")
        #expect(abs((result.loss ?? .nan) - fixture.loss) < 1e-12 * abs(fixture.loss), "\(fixture)")
        for (name, expected) in fixture.columns {
            let column = try #require(Self.columns[name], "\(name)")
            #expect(expected.count == result.units.count)
            for (row, expected) in zip(result.units, expected) {
                let measured = column(row)
                let place = "\(fixture), \(name), x_\(row.unit)"
                guard let expected else {
                    #expect(measured == nil, "\(place)")
                    continue
                }
                let difference = abs((measured ?? .nan) - expected)
                // 1e-9 relative on a norm is 4.3e-10 in its log10. A cosine near 0 is a cancelling sum of terms
                // of size 1, so it agrees absolutely.
                let tolerance =
                    name.hasSuffix("log10") ? 4.3e-10 : 1e-9 * max(abs(expected), name == "cosine" ? 1 : 0)
                #expect(difference <= tolerance, "\(place): \(measured ?? .nan) against \(expected)")
            }
        }
        for check in result.checks { #expect(check.passed != false, "\(fixture): \(check)") }
    }

    static func measure<Scalar: KernelScalar>(
        _ fixture: PyTorchFixture.Case, in precision: Scalar.Type
    ) throws -> AnalysisResult {
        let c = fixture.configuration
        let block = try #require(BlockDesign.paper.first { $0.name == c.block })
        let layout = try #require(UnitLayout.paper.first { $0.name == c.unit })
        let isDense = c.architecture == "dense"
        let shape = Shape(c.inputShape[0], c.inputShape[1], c.inputShape[2], c.inputShape[3])
        let design = NetworkDesign(
            architecture: isDense ? DenseArchitecture() : CIFARArchitecture(), block: block,
            unitsPerStage: c.unitsPerStage, layout: layout,
            shortcut: try ShortcutVocabulary.paper.shortcut(for: c.shortcut),
            baseWidth: isDense ? c.baseChannels / block.expansion : c.baseChannels, classes: c.classes,
            input: shape.with(batch: 1))
        let source = FormulaParameters()
        let network = try Network<Scalar>(design, parameters: source)
        let input = FormulaParameters.spread("input", count: shape.count, center: 0, width: 1.7)
        let batch = LabelledBatch<Scalar>(
            input.map { Scalar($0) }, shape: shape, labels: (0..<shape.batch).map { (7 * $0 + 3) % c.classes }
        )
        let mode = try #require(AnalysisOptions.Mode(rawValue: c.mode))
        return try SignalAnalysis(
            network, on: batch, options: AnalysisOptions(mode: mode, probes: .all), masks: source
        ).run()
    }

    private static let columns: [String: @Sendable (UnitMeasurement) -> Double?] = [
        "unit": { Double($0.unit) }, "stage": { Double($0.stage) }, "channels": { Double($0.channels) },
        "forward_rms": \.forwardRMS, "channel_mean_square": \.channelMeanSquare,
        "channel_variance": \.channelVariance, "shortcut_product_log10": \.shortcutProductLog10,
        "negative_share": \.negativeShare, "gradient_log10": \.gradientLog10, "direct_log10": \.directLog10,
        "through_weights_log10": \.throughWeightsLog10, "cosine": \.cosine,
        "stage_direct_log10": \.stageDirectLog10, "stage_through_weights_log10": \.stageThroughWeightsLog10,
    ]
}
