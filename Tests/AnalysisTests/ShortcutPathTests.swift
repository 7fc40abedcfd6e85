import Analysis
import Foundation
import Kernels
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

/// The word for the shortcut path, of networks whose direct term is known without measuring it.
@Suite("Shortcut path")
struct ShortcutPathTests {
    private func verdict(
        unitsPerStage: Int, block: BlockDesign = .basic, layout: UnitLayout = .fullPreactivation,
        shortcut: any ShortcutDesign = IdentityShortcut(),
        architecture: any Architecture = CIFARArchitecture()
    ) throws -> Verdict {
        let isDense = architecture.stem == nil
        let shape = isDense ? Shape(8, 12) : Shape(2, 3, 8, 8)
        let design = NetworkDesign(
            architecture: architecture, block: block, unitsPerStage: unitsPerStage, layout: layout,
            shortcut: shortcut, baseWidth: 4, classes: 4, input: shape.with(batch: 1))
        let images: Tensor<Float> = randomTensor(shape, seed: 1, name: "images")
        return try SignalAnalysis<Float>(
            Network(design, parameters: HeInitialization(seed: 3)),
            on: LabelledBatch(images.elements, shape: shape, labels: (0..<shape.batch).map { $0 % 4 }),
            options: AnalysisOptions(probes: .none)
        ).run().verdict
    }

    /// h and f are identities within a stage: nothing is lost there at any depth, whatever A takes between the stages.
    @Test(arguments: [1, 2, 12, 60])
    func identityIsIntactAtAnyDepth(units: Int) throws {
        for layout in [
            UnitLayout.fullPreactivation, .rectifierOnlyPreactivation, .rectifierBeforeAddition,
        ] {
            for block in [BlockDesign.single, .basic, .bottleneck] {
                let verdict = try verdict(unitsPerStage: units, block: block, layout: layout)
                #expect(verdict.shortcutPath == .intact, "\(layout.name) \(block.name)")
                #expect(verdict.concern == .sound)
                // Of a bottleneck's three units with one a stage each changes the size: they are all there is.
                let isWhole = units > 1 || block != .bottleneck
                // A logarithm of a norm in single precision.
                #expect(!isWhole || abs(verdict.shortcutDecades ?? .nan) < 1e-5 * Double(units))
            }
        }
        let dense = try verdict(unitsPerStage: 3 * units, architecture: DenseArchitecture())
        #expect(dense.shortcutPath == .intact && abs(dense.shortcutDecades ?? .nan) < 1e-5)
    }

    /// λ^L, with the units that change size among the L: log10 of ½ is −0.30103.
    @Test(arguments: [
        (1, 0.5, ShortcutPath.intact), (2, 0.5, .attenuated), (6, 0.5, .attenuated), (7, 0.5, .vanished),
        (12, 1.1, .exploding), (8, 1.1, .intact), (2, 1e-30, .vanished),
    ])
    func scaledShortcuts(units: Int, lambda: Double, path: ShortcutPath) throws {
        let verdict = try verdict(unitsPerStage: units, shortcut: ScalingShortcut(lambda: lambda))
        #expect(verdict.shortcutPath == path)
        let expected = 3 * Double(units) * log10(lambda)
        #expect(abs((verdict.shortcutDecades ?? .nan) - expected) < 1e-4)
    }

    @Test func noShortcutIsDead() throws {
        let verdict = try verdict(unitsPerStage: 2, shortcut: NoShortcut())
        #expect(verdict.shortcutPath == .dead && verdict.concern == .grave)
        #expect(verdict.headline == "The shortcuts deliver exactly 0 to x_5 and below")
        #expect(verdict.shortcutDecades == nil && verdict.directLog10PerUnit == nil)
    }

    /// f = ReLU is on the path: at 36 units the direct energy that survives is (2/π)·arcsin √(2/38), half a decade of norm.
    @Test func rectifierAfterAdditionCosts() throws {
        let verdict = try verdict(unitsPerStage: 12, layout: .original)
        let decades = try #require(verdict.shortcutDecades)
        #expect(verdict.shortcutPath == .intact && decades < -0.2 && decades > -1)
    }
}
