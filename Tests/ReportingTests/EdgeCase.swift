import Analysis
import Tensors

/// Results at the edge of what a run can bring: every report has to be right for each of them.
enum EdgeCase: String, CaseIterable {
    case usual, oneUnit, nothingMeasured, forwardOverflow, hugeExponents, dropoutExpectation, hostileNames
    case notFinite, noRows, manyStages, sparse

    var result: AnalysisResult {
        switch self {
        case .usual: SyntheticResult.small()
        case .oneUnit: EdgeCase.oneUnitResult
        case .nothingMeasured: EdgeCase.nothingMeasuredResult
        case .forwardOverflow: EdgeCase.forwardOverflowResult
        case .hugeExponents: EdgeCase.rows { $0.direct = LogNorm(-33_300 * Double(12 - $0.unit)) }
        case .dropoutExpectation: EdgeCase.dropout
        case .hostileNames: EdgeCase.hostile
        case .notFinite:
            EdgeCase.rows {
                $0.gradient = LogNorm(.infinity)
                $0.direct = LogNorm(-.infinity)
                $0.cosine = .nan
                $0.forwardRMS = .nan
            }
        case .noRows: EdgeCase.noRowsResult
        case .manyStages: EdgeCase.manyStagesResult
        case .sparse: EdgeCase.rows { if $0.unit.isMultiple(of: 2) { $0.gradient = .zero } }
        }
    }

    private static func rows(_ change: (inout UnitMeasurement) -> Void) -> AnalysisResult {
        var result = SyntheticResult.small()
        for index in result.units.indices { change(&result.units[index]) }
        return result
    }

    private static var oneUnitResult: AnalysisResult {
        var result = SyntheticResult.small()
        result.network.units = 1
        result.network.stages = [
            StageSummary(stage: 1, channels: 16, height: 1, width: 1, firstUnit: 0, lastUnit: 1)
        ]
        result.units = Array(result.units.prefix(2))
        result.probes = Array(result.probes.prefix(1))
        return result
    }

    private static var nothingMeasuredResult: AnalysisResult {
        var result = SyntheticResult.small()
        result.loss = nil
        result.units = result.units.map {
            UnitMeasurement(unit: $0.unit, stage: $0.stage, channels: $0.channels)
        }
        result.probes = [ProbeMeasurement(unit: 0)]
        result.checks = [
            IdentityCheck(
                name: "sum", statement: "g = d + w", worstError: nil, worstUnit: nil, tolerance: 1e-5,
                toleranceReason: "rounding", passed: nil)
        ]
        result.verdict = Verdict(carrier: .neither, headline: "", sentences: [])
        return result
    }

    private static var forwardOverflowResult: AnalysisResult {
        var result = rows {
            if $0.unit >= 7 { $0.forwardRMS = nil }
            $0.gradient = .zero
            $0.direct = .zero
            $0.throughWeights = .zero
        }
        result.loss = nil
        result.firstNonFiniteUnit = 7
        result.checks[0].passed = false
        return result
    }

    private static var dropout: AnalysisResult {
        var result = rows { if $0.unit < 4 { $0.direct = .zero } }
        result.shortcutProductIsExpectation = true
        result.directVanishesAtUnit = 3
        result.network.shortcut = "dropout0.5"
        return result
    }

    private static var hostile: AnalysisResult {
        var result = SyntheticResult.small()
        let name = "mine <&\"'> | `x_l` ]]> \u{1B}[31m\u{0} " + String(repeating: "long", count: 60)
        result.network.shortcut = name
        result.network.architecture = name
        result.verdict.sentences = [name]
        result.checks[0].statement = name
        return result
    }

    private static var noRowsResult: AnalysisResult {
        var result = nothingMeasuredResult
        result.network.stages = []
        result.units = []
        result.probes = []
        result.checks = []
        return result
    }

    private static var manyStagesResult: AnalysisResult {
        var result = SyntheticResult.small()
        result.network.stages = (0...12).map {
            StageSummary(stage: $0, channels: 16 + $0, height: 1, width: 1, firstUnit: $0, lastUnit: $0)
        }
        return result
    }

    /// A dense stack of 100,000 units, with one peak and one valley that no picture may lose.
    static func dense100000() -> AnalysisResult {
        let last = 100_000
        var result = SyntheticResult.small()
        result.network.units = last
        result.network.stages = [
            StageSummary(stage: 1, channels: 8, height: 1, width: 1, firstUnit: 0, lastUnit: last)
        ]
        result.units = (0...last).map { unit in
            var row = UnitMeasurement(unit: unit, stage: 1, channels: 8)
            row.gradient = LogNorm(unit == 31_337 ? 40 : unit == 77_777 ? -40 : 0)
            row.direct = LogNorm(-0.3 * Double(last - unit))
            return row
        }
        return result
    }
}
