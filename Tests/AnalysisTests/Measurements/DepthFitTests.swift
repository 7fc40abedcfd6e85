import Foundation
import Tensors
import Testing

@testable import Analysis

@Suite("Fits against depth")
struct DepthFitTests {
    private func fits(
        _ last: Int, stages: [ClosedRange<Int>] = [], _ gradient: (Int) -> Double?
    ) -> [DepthFit] {
        let units = (0...last).map { l in
            var row = UnitMeasurement(unit: l, stage: 1, channels: 1)
            row.gradient = LogNorm(gradient(l))
            return row
        }
        return DepthFits(
            units: units,
            stages: stages.enumerated().map { index, rows in
                StageSummary(
                    stage: index + 1, channels: 1, height: 1, width: 1, firstUnit: rows.lowerBound,
                    lastUnit: rows.upperBound)
            }
        ).all()
    }

    @Test func anExponentialIsOne() throws {
        let fit = try #require(fits(30) { 2 - 0.3 * Double(30 - $0) }.first)
        #expect(fit.quantity == "gradient" && fit.better == .exponential && fit.count == 30)
        #expect(abs(fit.exponentialSlope + 0.3) < 1e-13 && fit.exponentialSlopeStandardError < 1e-13)
    }

    @Test func aPowerLawIsOne() throws {
        let fit = try #require(fits(30) { $0 == 30 ? nil : 1 + 1.5 * log10(Double(30 - $0)) }.first)
        #expect(fit.better == .power)
        #expect(abs(fit.powerSlope - 1.5) < 1e-13 && fit.powerSlopeStandardError < 1e-13)
    }

    /// A constant is a law of either kind.
    @Test func aConstantHasNoBetterLaw() throws {
        let fit = try #require(fits(10) { _ in 3 }.first)
        #expect(fit.better == nil && fit.exponentialSlope == 0 && fit.powerSlope == 0)
    }

    /// The standard error is that of ordinary least squares: for y = 0, 1, 0, 1 at n = 1 … 4 the slope is 0.2, the
    /// residual sum of squares 0.8 and the error √(0.4/5).
    @Test func standardErrors() throws {
        let fit = try #require(fits(4) { $0 == 4 ? nil : Double((4 - $0 + 1) % 2) }.first)
        #expect(abs(fit.exponentialSlope - 0.2) < 1e-14)
        #expect(abs(fit.exponentialResidualSquares - 0.8) < 1e-14)
        #expect(abs(fit.exponentialSlopeStandardError - (0.4 / 5).squareRoot()) < 1e-14)
    }

    /// Within a stage depth counts from its own end.
    @Test func stagesCountFromTheirOwnEnd() throws {
        let found = fits(20, stages: [0...10, 11...20]) { l in
            let left = l <= 10 ? 10 - l : 20 - l
            return left == 0 ? 0 : 2 * log10(Double(left))
        }
        #expect(found.map(\.stage) == [nil, 1, 2])
        #expect(found[1].better == .power && abs(found[1].powerSlope - 2) < 1e-13 && found[1].count == 10)
        #expect(found[2].better == .power && abs(found[2].powerSlope - 2) < 1e-13 && found[2].count == 9)
    }

    @Test func tooFewRowsGiveNoFit() {
        #expect(fits(3) { $0 < 2 ? 1 : nil }.isEmpty)
    }
}
