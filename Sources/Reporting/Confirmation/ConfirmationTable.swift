import Confirmation
import ResidualNetworks

/// The rows of a confirmation as text: what was measured before, what came of it, what the paper says.
struct ConfirmationTable {
    let result: ConfirmationResult
    let minus: String

    let headings = [
        "row", "paper %", "test error %", "range", "loss", "loss range", "direct/unit", "‖g‖ range", "growth",
        "digits",
        "y<0 before %",
        "after %", "order",
    ]

    /// Which columns hold numbers.
    let isNumber = [false, true, true, false, true, false, true, true, true, true, true, true, false]

    static let explanation = """
        Medians over the seeds; errors are of the test set, the loss is that of the last stretch of training. \
        “direct/unit” is the slope of log10 ‖d_l‖ at initialisation, in decades per unit \
        travelled down, 0 where the shortcuts carry the gradient unchanged; “‖g‖ range” is log10 ‖g_0‖/‖g_L‖; \
        “growth” is log10 of the RMS of x_L over that of x_0; “digits” are those of x_L that single precision leaves at \
        initialisation, fewer than none where rounding outgrows the value; “y<0” is the share that f = ReLU truncates, over all \
        units. A row whose order among the others of its depth and block, or whose failure, is not the paper’s is marked \
        with !
        """

    var rows: [[String]] {
        result.rows.map { row in
            let (error, loss) = (result.testError(row), result.trainingLoss(row))
            return [
                row.row.name, Self.published(row.row.published), Self.outcome(row, of: result),
                error.map { "\(percent($0.least)) to \(percent($0.greatest))" } ?? "–",
                loss.map { Self.loss($0.median) } ?? "–",
                loss.map { "\(Self.loss($0.least)) to \(Self.loss($0.greatest))" } ?? "–",
                row.directPerUnit.map { NumberStyle.decimals(4).text($0.median, minus: minus) } ?? "0 at x_0",
                number(row.gradientRange), number(row.forwardGrowth), number(row.digitsLeft),
                share(row.negativeShareBefore),
                share(row.negativeShareAfter), result.departs(row) ? "!" : "",
            ]
        }
    }

    static func published(_ value: PaperRow.Published) -> String {
        switch value {
        case .error(let percent): NumberStyle.decimals(2).text(percent)
        case .fails: "fail"
        case .untold: "–"
        }
    }

    /// The test error in percent, or that the row fails.
    static func outcome(_ row: RowResult, of result: ConfirmationResult) -> String {
        guard let error = result.testError(row) else { return "–" }
        let text = NumberStyle.decimals(2).text(100 * error.median)
        return result.fails(row) ? "fail (\(text))" : text
    }

    private static func loss(_ value: Double) -> String { NumberStyle.significant(3).text(value) }

    private func percent(_ share: Double) -> String { NumberStyle.decimals(2).text(100 * share) }

    private func number(_ value: MedianRange?) -> String {
        value.map { NumberStyle.decimals(2).text($0.median, minus: minus) } ?? "–"
    }

    private func share(_ value: MedianRange?) -> String {
        value.map { NumberStyle.decimals(1).text(100 * $0.median) } ?? "–"
    }
}
