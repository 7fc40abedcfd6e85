import NumericalMethods
import ResidualNetworks

/// A table of the paper, trained: what was measured before beside what came of it.
public struct ConfirmationResult: Sendable, Codable, Equatable {
    public var table: PaperTable
    public var scale: ConfirmationScale
    /// Trained and tested on, as a report names it.
    public var data: String
    public var trainingImages: Int
    public var testImages: Int
    public var classes: Int
    public var seeds: [UInt64]
    /// In the paper's order.
    public var rows: [RowResult]
    /// With `--search-gate-bias`.
    public var searches: [GateBiasSearch]

    public init(
        _ plan: ConfirmationPlan, cells: [ConfirmationCell], searches: [GateBiasSearch] = []
    ) {
        table = plan.table
        scale = plan.scale
        data = plan.data.name
        trainingImages = plan.data.trainingCount
        testImages = plan.data.testCount
        classes = plan.data.classes
        seeds = plan.seeds
        rows = plan.rows.map { row in
            RowResult(
                row: row,
                cells: plan.seeds.compactMap { seed in
                    cells.first { $0.row == row.identity && $0.seed == seed }
                })
        }
        self.searches = searches
    }

    /// Final test error as a share; a run that broke off counts as guessing.
    public func testError(_ row: RowResult) -> MedianRange? { row.testError(classes: classes) }

    /// Mean loss of the last stretch of the curve; `nil` where half of the runs broke off.
    public func trainingLoss(_ row: RowResult) -> MedianRange? { row.trainingLoss }

    /// By the scale's rule, of the median.
    public func fails(_ row: RowResult) -> Bool {
        testError(row).map { $0.median > scale.failingError } ?? false
    }
}
