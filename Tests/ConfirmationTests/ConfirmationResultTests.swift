import Foundation
import ResidualNetworks
import Testing

@testable import Confirmation

@Suite("Results of a confirmation")
struct ConfirmationResultTests {
    /// Table 1 with the paper's own errors (failures at 60 %), shifted a little by the seed.
    private func result(_ change: (PaperRow) -> Double? = { _ in nil }) throws -> ConfirmationResult {
        let plan = try Synthetic.plan(seeds: [0, 1, 2])
        let cells = plan.cells.map { cell in
            let published: Double =
                switch cell.row.published {
                case .error(let percent): percent / 100
                case .fails, .untold: 0.6
                }
            let error = (change(cell.row) ?? published) + 0.0001 * Double(cell.seed)
            return Synthetic.cell(cell.row, seed: cell.seed, error: error, direct: -error)
        }
        return ConfirmationResult(plan, cells: cells)
    }

    @Test("Medians and ranges are over the seeds")
    func medians() throws {
        let result = try result()
        let error = try #require(result.testError(result.rows[0]))
        // 0.0661 and ten-thousandths: one rounding of a sum.
        #expect(abs(error.median - 0.0662) < 1e-12 && abs(error.least - 0.0661) < 1e-12)
        #expect(abs(error.greatest - 0.0663) < 1e-12)
        #expect(result.rows[0].negativeShareBefore?.median == 0.2)
        #expect(result.rows[0].negativeShareAfter?.median == 0.1)
        #expect(result.rows[0].curve(\.testError).map(\.iteration) == [10, 20])
    }

    @Test("The paper's own numbers stand in the paper's order, and correlate perfectly")
    func paper() throws {
        let result = try result()
        #expect(result.reversals.isEmpty && !result.rows.contains(where: result.departs))
        #expect(result.rows.filter(result.fails).count == 4)
        let direct = try #require(
            result.correlations.first { $0.measured == .directPerUnit && $0.outcome == .testError })
        #expect(direct.correlation?.coefficient == 1 && direct.correlation?.count == 11)
        let growth = try #require(result.correlations.first { $0.measured == .forwardGrowth })
        #expect(growth.correlation == nil, "all rows grow alike")
    }

    @Test("Rows in another order than the paper's, and failures that train, are marked")
    func reversed() throws {
        let result = try result { row in
            switch row.shortcut {
            case "identity": 0.07  // Worse than gate-shortcut:-6, 0.0691.
            case "none": 0.15
            default: nil
            }
        }
        let pairs = result.reversals.map { [$0.better.row.shortcut, $0.worse.row.shortcut] }
        #expect(pairs == [["identity", "gate-shortcut:-6"]])
        #expect(result.reversals[0].isWithinSpread == false)
        #expect(
            result.rows.filter(result.departs).map(\.row.shortcut) == [
                "identity", "none", "gate-shortcut:-6",
            ])
    }

    @Test("A run that breaks off counts as guessing")
    func broken() throws {
        let plan = try Synthetic.plan(seeds: [0, 1, 2])
        let row = plan.rows[0]
        let cells = [0, 1, 2].map {
            Synthetic.cell(row, seed: $0, error: 0.1, direct: nil, breaksOff: $0 > 0)
        }
        let result = ConfirmationResult(plan, cells: cells)
        // Two classes.
        #expect(result.testError(result.rows[0])?.median == 0.5 && result.fails(result.rows[0]))
        #expect(result.trainingLoss(result.rows[0]) == nil && result.rows[0].directPerUnit == nil)
        #expect(result.testError(result.rows[1]) == nil && !result.fails(result.rows[1]))
    }

    @Test("A result reads back as it was written")
    func codable() throws {
        let result = try result()
        let text = try JSONEncoder().encode(result)
        #expect(try JSONDecoder().decode(ConfirmationResult.self, from: text) == result)
    }
}
