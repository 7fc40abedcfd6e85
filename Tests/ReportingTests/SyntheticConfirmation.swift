import Confirmation
import Kernels
import ResidualNetworks
import Tensors

@testable import Reporting

/// A trained table made by formula: the paper's own numbers but for two rows, one run that broke off.
enum SyntheticConfirmation {
    static func report() throws -> ConfirmationReport {
        ConfirmationReport(try result(), manifest: SyntheticResult.manifest)
    }

    static func result() throws -> ConfirmationResult {
        let data = ConfirmationData(
            name: "formula", shape: Shape(1, 1, 8, 8), classes: 10, trainingCount: 1438, testCount: 359,
            batch: { _, _ in throw CancellationError() }, testBatchCount: 0,
            testBatch: { _ in throw CancellationError() },
            probe: { _ in throw CancellationError() })
        let plan = try ConfirmationPlan(
            .table1, on: .cifar10, scale: .standard, seeds: [0, 1, 2], data: data)
        let cells = plan.cells.map { cell in
            let index = plan.rows.firstIndex(of: cell.row) ?? 0
            return self.cell(cell.row, index: index, seed: cell.seed)
        }
        let search = GateBiasSearch(
            gate: "gate-exclusive",
            trials: GateBiasSearch.biases.map { bias in
                .init(bias: bias, heldOutError: bias == 0 ? nil : Double(abs(bias + 6) + 1) / 32)
            })
        return ConfirmationResult(plan, cells: cells, searches: [search])
    }

    private static func cell(_ row: PaperRow, index: Int, seed: UInt64) -> ConfirmationCell {
        let published: Double =
            switch row.published {
            case .error(let percent): percent / 100
            case .fails, .untold: 0.75
            }
        // The plain network trains here, and the baseline is a little worse than a gate.
        let end =
            (row.shortcut == "none" ? 0.125 : row.shortcut == "identity" ? 0.07 : published)
            + Double(seed) / 1024
        let breaksOff = row.shortcut == "dropout0.5" && seed == 2
        let vanishes = row.shortcut == "none" || row.shortcut == "dropout0.5"
        let points = breaksOff ? 3 : 15
        return ConfirmationCell(
            row: row.identity, seed: seed,
            initial: InitialMeasurement(
                directPerUnit: vanishes ? nil : -end / 2, gradientRange: 2 - Double(index) / 4,
                forwardGrowth: vanishes ? nil : 0.5, digitsLeft: 6 - Double(index),
                negativeShares: [0.25, 0.125]),
            curve: (1...points).map { point in
                let left = Double(points - point) / Double(points)
                return CurvePoint(
                    iteration: 20 * point, trainingLoss: end + 2 * left, trainingError: end + 0.5 * left,
                    testError: end + (0.9 - end) * left)
            }, ending: breaksOff ? .notFinite(iteration: 61, unit: 3) : .finished,
            negativeSharesAfter: breaksOff ? [] : [0.0625, 0.03125], seconds: 64)
    }
}
