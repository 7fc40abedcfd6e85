import Foundation
import NumericalMethods

/// Exponential and power law through the norms of a finished analysis, for the whole network and every stage.
struct DepthFits {
    let units: [UnitMeasurement]
    let stages: [StageSummary]

    /// Residuals below this many decades a row are rounding: both laws fit, and neither better.
    private static let exactness = 1e-6

    func all() -> [DepthFit] {
        let whole = fits(units, stage: nil)
        guard stages.count > 1 else { return whole }
        return whole
            + stages.flatMap { stage in
                fits(
                    units.filter { (stage.firstUnit...stage.lastUnit).contains($0.unit) }, stage: stage.stage)
            }
    }

    /// Gradients travel down from the last row, the signal up from the first.
    private func fits(_ rows: [UnitMeasurement], stage: Int?) -> [DepthFit] {
        guard let first = rows.first?.unit, let last = rows.last?.unit else { return [] }
        return [
            fit("gradient", rows.map { (last - $0.unit, $0.gradientLog10) }, stage: stage),
            fit("direct", rows.map { (last - $0.unit, $0.directLog10) }, stage: stage),
            fit(
                "forward_rms",
                rows.map { ($0.unit - first, $0.forwardRMS.flatMap { $0 > 0 ? log10($0) : nil }) },
                stage: stage),
        ].compactMap(\.self)
    }

    /// `nil` with fewer than three rows that have a value.
    private func fit(_ quantity: String, _ rows: [(travelled: Int, log10: Double?)], stage: Int?) -> DepthFit?
    {
        let points = rows.compactMap { row in
            row.travelled >= 1 ? row.log10.map { (n: Double(row.travelled), y: $0) } : nil
        }
        let y = points.map(\.y)
        guard let exponential = try? LinearFit(x: points.map(\.n), y: y),
            let power = try? LinearFit(x: points.map { log10($0.n) }, y: y)
        else { return nil }
        let (a, b) = (exponential.residualSumOfSquares, power.residualSumOfSquares)
        let rounding = Self.exactness * Self.exactness * Double(points.count)
        return DepthFit(
            quantity: quantity, stage: stage, count: points.count, exponentialSlope: exponential.slope,
            exponentialSlopeStandardError: exponential.slopeStandardError, exponentialResidualSquares: a,
            powerSlope: power.slope, powerSlopeStandardError: power.slopeStandardError,
            powerResidualSquares: b, better: max(a, b) <= rounding ? nil : a <= b ? .exponential : .power)
    }
}
