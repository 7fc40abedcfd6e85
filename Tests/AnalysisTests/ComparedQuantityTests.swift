import Tensors
import Testing

@testable import Analysis

/// A measurement held against a prediction of 0 decades, row by row, with a standard error of 0.01.
@Suite("Compared quantity")
struct ComparedQuantityTests {
    private func verdict(measured: [Double?], predicted: [Double?]) -> QuantityVerdict {
        let units = zip(measured, predicted).enumerated().map { l, pair in
            var unit = UnitMeasurement(unit: l, stage: 1, channels: 4)
            unit.direct = LogNorm(pair.0)
            unit.predicted = PredictedMeasurement(directDeviation: 0.01)
            unit.predicted?.directLog10 = pair.1
            return unit
        }
        return ComparedQuantity(
            name: "direct_log10", travelsDown: true, measured: \.directLog10, predicted: \.directLog10,
            deviation: \.directDeviation, leastAllowance: 0.15
        ).verdict(on: units)
    }

    /// 0.15, 0.002 for each unit on the way down, and three standard errors.
    @Test func allowanceIsTheModelsPartAndThreeStandardErrors() throws {
        let verdict = verdict(measured: [0.17, 0, 0, 0, 0], predicted: [0, 0, 0, 0, 0])
        #expect(verdict.outcome == .agrees && verdict.unit == 0 && verdict.departure == 0.17)
        #expect(abs((verdict.modelAllowance ?? 0) - 0.158) < 1e-12 && verdict.standardError == 0.01)
        #expect(abs((verdict.allowance ?? 0) - 0.188) < 1e-12)
        #expect(abs((verdict.standardErrors ?? 0) - 17) < 1e-9)
        #expect(verdict.comparedRows == 5 && verdict.rows == 5)
        #expect(self.verdict(measured: [0.19, 0, 0, 0, 0], predicted: [0, 0, 0, 0, 0]).outcome == .departs)
    }

    /// A row with one of the two alone is no agreement; a row with neither is none to compare.
    @Test func agreementOnSomeRowsIsAgreementInPart() {
        let partly = verdict(measured: [nil, nil, 0, 0, 0.1], predicted: [0, 0, 0, 0, 0])
        #expect(partly.outcome == .agreesInPart && partly.comparedRows == 3 && partly.rows == 5)
        let unpredicted = verdict(measured: [0, 0, 0], predicted: [nil, 0, 0])
        #expect(unpredicted.outcome == .agreesInPart && unpredicted.rows == 3)
        let shorter = verdict(measured: [0, 0, nil], predicted: [0, 0, nil])
        #expect(shorter.outcome == .agrees && shorter.comparedRows == 2 && shorter.rows == 2)
        let apart = verdict(measured: [nil, 0, 0.5], predicted: [0, 0, 0])
        #expect(apart.outcome == .departs && apart.unit == 2 && apart.comparedRows == 2)
        let nothing = verdict(measured: [nil, nil], predicted: [0, 0])
        #expect(nothing.outcome == .cannotSay && nothing.allowance == nil)
    }
}
