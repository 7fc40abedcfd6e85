import Analysis
import DataSets
import Foundation
import Tensors

@testable import Reporting

/// Results made by formula, in the likeness of real ones: tests of reports need no network.
enum SyntheticResult {
    /// ResNet-1001 with shortcuts scaled by ½: the direct term falls to 10^−101 while the total grows to 10^57.
    static func resNet1001() -> AnalysisResult {
        let stages = [
            StageSummary(stage: 0, channels: 16, height: 32, width: 32, firstUnit: 0, lastUnit: 0),
            StageSummary(stage: 1, channels: 64, height: 32, width: 32, firstUnit: 1, lastUnit: 111),
            StageSummary(stage: 2, channels: 128, height: 16, width: 16, firstUnit: 112, lastUnit: 222),
            StageSummary(stage: 3, channels: 256, height: 8, width: 8, firstUnit: 223, lastUnit: 333),
        ]
        let network = NetworkSummary(
            architecture: "cifar", depth: 1001, units: 333, parameters: 10_327_706, unit: "full-preact",
            block: "bottleneck", shortcut: "scale0.5", classes: 10, stages: stages,
            expectedMemory: 1_463_812_096)
        var verdict = Verdict(
            carrier: .weights,
            headline: "The shortcuts lose 101.3 decades over 333 units: the direct term is 1.9e−104",
            sentences: [
                "At x_0 the whole gradient is carried through the weights: the direct term is 158 decades smaller.",
                "The direct term falls by 0.301 decades per unit, which is the factor 1/2 of the shortcut.",
                "The total gradient grows by 0.170 decades per unit on its way down.",
            ])
        verdict.shortcutPath = .vanished
        verdict.shortcutDecades = -101.25
        verdict.directLog10PerUnit = -0.30412
        verdict.directLog10PerUnitStandardError = 0.00021
        verdict.gradientLog10PerUnit = 0.17021
        verdict.gradientLog10PerUnitStandardError = 0.00034
        return AnalysisResult(
            network: network, loss: 2.637193202972412, firstNonFiniteUnit: nil, directVanishesAtUnit: nil,
            shortcutProductIsExpectation: false, units: scaledUnits(stages, lambda: 0.5),
            probes: probes(at: [0, 1, 112, 223]), checks: checks, verdict: verdict)
    }

    /// Twelve units in two stages, from arithmetic that is the same on every machine: for golden files.
    static func small() -> AnalysisResult {
        var result = resNet1001()
        result.verdict.headline = "The shortcuts lose 3.8 decades over 12 units: the direct term is 5.6e−6"
        result.verdict.shortcutPath = .attenuated
        result.verdict.shortcutDecades = -3.75
        result.network.depth = 26
        result.network.units = 12
        result.network.parameters = 369_690
        result.network.block = "basic"
        result.network.expectedMemory = 61_865_984
        result.network.stages = [
            StageSummary(stage: 1, channels: 16, height: 32, width: 32, firstUnit: 0, lastUnit: 6),
            StageSummary(stage: 2, channels: 32, height: 16, width: 16, firstUnit: 7, lastUnit: 12),
        ]
        result.units = (0...12).map { unit in
            let above = Double(12 - unit)
            var row = UnitMeasurement(unit: unit, stage: unit < 7 ? 1 : 2, channels: unit < 7 ? 16 : 32)
            row.forwardRMS = 0.75 + 0.0625 * Double(unit % 7)
            row.channelMeanSquare = 0.25 + 0.03125 * Double(unit % 7)
            row.channelVariance = unit == 0 ? 0.5 : 1
            row.gradient = LogNorm(-1.5 + 0.125 * above)
            row.direct = LogNorm(-1.5 - 0.3125 * above)
            row.throughWeights = unit == 12 ? .notMeasured : .log10(-1.5 + 0.125 * above - 0.01 * above)
            row.decompositionError = unit == 12 ? 0 : 1.25e-16 * Double(1 + unit % 3)
            row.shortcutProductLog10 = -0.30102999566398120 * above
            row.cosine = unit == 12 ? nil : 0.015625 * Double(unit % 5) - 0.03125
            let left = Double((unit < 7 ? 6 : 12) - unit)
            row.stageDirect = LogNorm(-1.5 - 0.3125 * left)
            row.stageThroughWeights = LogNorm(left == 0 ? nil : -1.5 + 0.0625 * left)
            row.forwardIdentityError = unit == 0 ? nil : 2.5e-16
            row.negativeShare = unit == 12 ? nil : 0.25
            return row
        }
        result.probes = [
            ProbeMeasurement(
                unit: 0, probeErrorDirect: 2e-15, probeErrorTotal: 4e-15, probeConditionDirect: 1.5,
                probeConditionTotal: 12, probeErrorLoss: 3e-9),
            ProbeMeasurement(
                unit: 7, probeErrorDirect: 1e-15, probeErrorTotal: 2.5e-15, probeConditionDirect: 1.25,
                probeConditionTotal: 8, probeErrorLoss: 2e-9),
        ]
        return result
    }

    /// Rows of a network of scaled shortcuts, with a little deterministic unrest.
    static func scaledUnits(_ stages: [StageSummary], lambda: Double) -> [UnitMeasurement] {
        let last = stages.last?.lastUnit ?? 0
        return stages.flatMap { stage in
            (stage.firstUnit...stage.lastUnit).map { unit in
                var row = UnitMeasurement(unit: unit, stage: stage.stage, channels: stage.channels)
                let above = Double(last - unit)
                let unrest = sin(Double(unit) * 1.7) * 0.06 + sin(Double(unit) * 0.13) * 0.05
                let depth = Double(unit - stage.firstUnit)
                row.forwardRMS = 0.82 + 0.31 * (1 - exp(-depth / 3)) + unrest * 0.05
                row.channelMeanSquare = 0.31 * (1.05 - exp(-depth / 4)) + 0.01 * abs(unrest)
                row.channelVariance = 0.91 + unrest * 0.1
                row.direct = LogNorm(log10(lambda) * above * 1.0083 - 2.37 + unrest)
                row.gradient = LogNorm(0.17843 * above - 2.37 + unrest * 2)
                row.shortcutProductLog10 = log10(lambda) * above
                row.throughWeights = unit == last ? .notMeasured : .log10(0.17843 * above - 2.38 + unrest * 2)
                row.decompositionError = unit == last ? 0 : 1.1e-7 * (1.2 + sin(Double(unit)))
                row.cosine = unit == last ? nil : 0.09 * sin(Double(unit) * 0.9) * exp(-above / 200)
                let left = Double(stage.lastUnit - unit)
                row.stageDirect = LogNorm((row.gradientLog10 ?? 0) - left * (0.301 + 0.178))
                row.stageThroughWeights = LogNorm(left == 0 ? nil : row.gradientLog10)
                row.forwardIdentityError = unit == 0 ? nil : 2.2e-7 * (1.1 + cos(Double(unit) * 0.7))
                return row
            }
        }
    }

    static func probes(at units: [Int]) -> [ProbeMeasurement] {
        units.map { unit in
            ProbeMeasurement(
                unit: unit, probeErrorDirect: 1.4e-6 + Double(unit) * 1e-9,
                probeErrorTotal: 3.8e-6 - Double(unit) * 1e-8)
        }
    }

    static let checks = [
        check(
            "sum", "g_l = d_l + w_l (Eqn. 5, 8)", 2.4e-7, 214, 1e-5, "rounding of Float over three recursions"
        ),
        check(
            "probe_direct", "⟨d_l, v⟩ = ⟨g_L, ∏ D_i H_i v⟩", 1.6e-6, 223, 1e-3,
            "Float over 333 units, both ways"),
        check(
            "probe_total", "⟨g_l, v⟩ = ⟨g_L, ∏ D_i (H_i + J_i) v⟩", 3.8e-6, 0, 1e-3,
            "Float over 333 units, both ways"),
        IdentityCheck(
            name: "probe_loss", statement: "⟨g_l, v⟩ = central difference of E", worstError: nil,
            worstUnit: nil,
            tolerance: 1e-5, toleranceReason: "only in Double", passed: nil),
        check(
            "forward_identity", "x_l = ∏ h_i(x_s) + Σ F̂_i (Eqn. 4, 7)", 4.6e-7, 97, 1e-5,
            "rounding of Float in sums of up to 111 terms"),
        IdentityCheck(
            name: "finite", statement: "every x_l is finite", worstError: nil, worstUnit: nil, tolerance: 0,
            toleranceReason: "exact", passed: true),
    ]

    static func check(
        _ name: String, _ statement: String, _ error: Double, _ unit: Int, _ tolerance: Double,
        _ reason: String
    ) -> IdentityCheck {
        IdentityCheck(
            name: name, statement: statement, worstError: error, worstUnit: unit, tolerance: tolerance,
            toleranceReason: reason, passed: error <= tolerance)
    }

    /// As of a folder, in which everything that can be told is met.
    static let data = DataProvenance(
        name: "images of photographs", classes: ["ant", "bee", "<cat>"],
        parts: [.init(role: .batch, images: 16, imagesByClass: [9, 7, 0])],
        normalization: .init(
            mean: [0.5, 0.25, 0.125], deviation: [0.25, 0.5, 0.75], values: "0 to 1", origin: "by formula",
            isMeasured: false), transparency: "laid on white", orientation: "turned upright as Exif says",
        turned: 2,
        undecodable: ["p/ant/1.jpg", "p/ant/2.jpg", "p/bee/*3*.jpg", "p/bee/4.jpg"],
        withStrayBytes: ["p/bee/5.jpg"],
        otherFormats: ["p/bee/a.webp", "p/bee/b.webp", "p/bee/notes.txt", "p/bee/more/"])

    static let manifest = RunManifest(
        command: ["propagate", "--depth", "1001", "--shortcut", "scale0.5"], version: "0.1.0",
        commit: "0123456789abcdef0123456789abcdef01234567",
        libraries: ["GSL": "2.7.1", "oneDNN": "2.6.3", "OpenBLAS": "0.3.21", "Swift": "6.3"],
        configuration: [
            "depth": "1001", "shortcut": "scale0.5", "unit": "full-preact", "block": "bottleneck",
            "architecture": "cifar", "classes": "10", "data": "digits", "batch": "16", "seed": "0",
            "precision": "single", "mode": "training", "threads": "2", "probe": "stages", "width": "1",
        ], data: data,
        operatingSystem: "Debian GNU/Linux 12", processor: "x86-64, 2 cores")
}
