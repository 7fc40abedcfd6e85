import Analysis
import Kernels
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

/// Four stages of unequal numbers of units behind a stem with max pooling: everything that is claimed of a network
/// holds of these too.
@Suite("Decomposition of ImageNet networks")
struct ImageNetDecompositionTests {
    private func result<Scalar: KernelScalar>(
        _ layout: UnitLayout, _ block: BlockDesign, shortcut: String, in precision: Scalar.Type
    ) throws -> AnalysisResult {
        let design = NetworkDesign(
            architecture: ImageNetArchitecture(), block: block, unitsPerStage: [1, 3, 2, 1], layout: layout,
            shortcut: try ShortcutVocabulary.paper.shortcut(for: shortcut), baseWidth: 3, classes: 5,
            input: Shape(1, 3, 65, 65))
        let shape = design.input.with(batch: 3)
        let images: Tensor<Double> = randomTensor(shape, seed: 5, name: "images")
        let batch = LabelledBatch<Scalar>(
            images.elements.map { Scalar($0) }, shape: shape, labels: [0, 3, 1])
        return try SignalAnalysis(
            Network<Scalar>(design, parameters: HeInitialization(seed: 2)), on: batch,
            options: AnalysisOptions(probes: .all, seed: 3, comparesWithTheory: true)
        ).run()
    }

    @Test(arguments: UnitLayout.paper.map(\.name), ImageNetArchitecture().blocks.map(\.name))
    func checksHoldForEveryShortcut(unit: String, block: String) throws {
        let layout = try #require(UnitLayout.paper.first { $0.name == unit })
        let block = try #require(ImageNetArchitecture().blocks.first { $0.name == block })
        for shortcut in ["identity", "scale0.5", "gate-exclusive:-1", "conv1x1", "dropout0.3"] {
            let result = try result(layout, block, shortcut: shortcut, in: Double.self)
            #expect(result.allChecksHold, "\(unit) \(block.name) \(shortcut): \(result.checks)")
            #expect(result.units.count == 8)
            #expect(result.theory.count == 4)
            // Bottlenecks widen x_0 at once, so that it stands for itself.
            #expect(Set(result.units.map(\.stage)).count == (block.name == "basic" ? 4 : 5))
        }
    }

    @Test func floatAgreesWithDouble() throws {
        for block in ImageNetArchitecture().blocks {
            let single = try result(.fullPreactivation, block, shortcut: "identity", in: Float.self)
            let double = try result(.fullPreactivation, block, shortcut: "identity", in: Double.self)
            for (a, b) in zip(single.units, double.units) {
                let (x, y) = (try #require(a.gradientLog10), try #require(b.gradientLog10))
                // Some hundred roundings of 6e−8, and a rectifier that may fall on the other side of 0.
                #expect(abs(x - y) < 1e-2, "x_\(a.unit): \(x) for \(y)")
            }
            #expect(single.allChecksHold)
        }
    }
}
