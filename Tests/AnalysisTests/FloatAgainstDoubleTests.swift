import Analysis
import Foundation
import Kernels
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

/// Whole networks in Float (oneDNN and the fused kernels) against the reference in Double: the same numbers up
/// to Float's rounding, row by row.
@Suite("Float against Double")
struct FloatAgainstDoubleTests {
    private func result<Scalar: KernelScalar>(
        _ stack: StackCase, in precision: Scalar.Type, mode: AnalysisOptions.Mode
    ) throws -> AnalysisResult {
        try SignalAnalysis<Scalar>(
            stack.network(), on: stack.labelledBatch(),
            options: AnalysisOptions(mode: mode, probes: .all, seed: stack.seed)
        ).run()
    }

    private static func words(_ unit: UnitMeasurement) -> [(name: String, value: Double?)] {
        [
            ("rms", unit.forwardRMS.map { $0 > 0 ? log10($0) : 0 }), ("gradient", unit.gradientLog10),
            ("direct", unit.directLog10), ("through weights", unit.throughWeightsLog10),
            ("stage direct", unit.stageDirectLog10), ("stage through weights", unit.stageThroughWeightsLog10),
            ("product", unit.shortcutProductLog10),
        ]
    }

    /// Every shortcut on every unit, in both modes.
    @Test(arguments: UnitLayout.paper.map(\.name), AnalysisOptions.Mode.allCases)
    func everyNormAgrees(layout: String, mode: AnalysisOptions.Mode) throws {
        for word in [
            "identity", "none", "scale0.5,0.5", "gate-exclusive:-1", "gate-shortcut:0", "conv1x1", "dropout0.3",
        ] {
            for block in BlockDesign.paper {
                var stack = StackCase(seed: 17)
                (stack.isDense, stack.batch, stack.side, stack.width, stack.decades) = (false, 4, 9, 5, 0)
                (stack.block, stack.unitsPerStage, stack.classes) = (block, 2, 5)
                stack.layout = try #require(UnitLayout.paper.first { $0.name == layout })
                stack.shortcut = try ShortcutVocabulary.paper.shortcut(for: word)
                let single = try result(stack, in: Float.self, mode: mode)
                let double = try result(stack, in: Double.self, mode: mode)
                let place = "\(stack), \(mode)"
                compare(single, double, place)
                #expect(single.allChecksHold, "\(place): \(single.checks)")
            }
        }
    }

    private func compare(_ single: AnalysisResult, _ double: AnalysisResult, _ place: String) {
        #expect(single.units.count == double.units.count)
        #expect(single.network.parameters == double.network.parameters)
        #expect(single.directVanishesAtUnit == double.directVanishesAtUnit)
        #expect(abs((single.loss ?? .nan) - (double.loss ?? .nan)) < 1e-4 * abs(double.loss ?? .nan), "\(place)")
        for (a, b) in zip(single.units, double.units) {
            for (x, y) in zip(Self.words(a), Self.words(b)) {
                guard let expected = y.value else {
                    #expect(x.value == nil, "\(place), x_\(b.unit), \(x.name)")
                    continue
                }
                // Float rounds to 6e−8; a few dozen layers whose batch normalisations cancel by up to 10² give
                // 1e−4 of a norm. ReLUs whose argument is that near 0 may flip, with an effect of their own size.
                let difference = abs((x.value ?? .nan) - expected)
                #expect(difference < 2e-3, "\(place), x_\(b.unit), \(x.name): \(x.value ?? .nan) for \(expected)")
            }
        }
    }

    @Test func denseStacksAgree() throws {
        for layout in UnitLayout.paper {
            var stack = StackCase(seed: 23)
            (stack.isDense, stack.batch, stack.width, stack.decades) = (true, 16, 7, 0)
            (stack.block, stack.unitsPerStage, stack.layout) = (.basic, 6, layout)
            stack.shortcut = ScalingShortcut(lambda: 0.7)
            compare(
                try result(stack, in: Float.self, mode: .training),
                try result(stack, in: Double.self, mode: .training), "\(stack)")
        }
    }
}
