import Analysis
import Foundation
import Kernels
import ResidualNetworks

/// Vanishing or exploding, of one's own λ_l: the first term of Eqn. 8 changes by ∏λ.
struct OwnRateClaim: Claim {
    let functions: OwnFunctions
    let name = "shortcut-product"
    let statement =
        "Over a stage the first term of Eqn. 8 changes by the product of its λ, and by nothing else."
    let place = "Section 3, below Eqn. 8"

    func evaluate<Scalar: KernelScalar>(on bench: TestBench<Scalar>) throws -> ClaimFinding {
        let design = try functions.design(unitsPerStage: 8)
        let factors = try UnitSlopes.of(design).get().factors ?? []
        let stack = try bench.stack(design, batch: 4)
        var measurements: [ClaimMeasurement] = []
        for stage in stack.stages.summaries where stage.lastUnit > stage.firstUnit {
            let units = stage.firstUnit..<stage.lastUnit
            let expected = units.reduce(0) { $0 + log10(abs(factors[$1])) }
            let rows = stack.backward.rows
            guard let bottom = rows[stage.firstUnit].stageDirect.value,
                let top = rows[stage.lastUnit].stageDirect.value
            else { throw ClaimError.nothingMeasured(network: design.summary) }
            measurements.append(
                ClaimMeasurement(
                    "decades of the first term from x_\(stage.lastUnit) to x_\(stage.firstUnit)",
                    bottom - top,
                    .near(expected, within: 64 * bench.epsilon * max(1, abs(expected))),
                    because: "Σ log10|λ_l|, but for roundings in \(bench.precision)"))
        }
        return finding(measurements)
    }
}

/// Value against derivative of every operation that is not the toolkit's own.
struct OwnDerivativesClaim: Claim {
    let functions: OwnFunctions
    let name = "derivatives"
    let statement =
        "Forward and reverse mode give the derivatives of the values, for every function that is not built in."
    let place = "Eqn. 5 and 8 are statements of derivatives"

    func evaluate<Scalar: KernelScalar>(on bench: TestBench<Scalar>) throws -> ClaimFinding {
        let report = try DerivativeCheck(seed: bench.seed).report(on: functions.design())
        return finding(
            [
                ClaimMeasurement(
                    "derivatives that differences contradict", Double(report.failures.count), .atMost(0),
                    because: "each stands beside differences of the value, in double precision"),
                .told("derivatives that agree", Double(report.agreeing), "JVP and VJP of every operand"),
            ], remark: report.failures.isEmpty ? nil : report.sentences.joined(separator: " "))
    }
}
