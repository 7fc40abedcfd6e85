import Confirmation

/// A confirmation in sentences.
enum ConfirmationWords {
    static func title(_ result: ConfirmationResult) -> String { "Confirmation of \(result.table.title)" }

    /// What was trained on what.
    static func setting(_ result: ConfirmationResult) -> String {
        "Scale \(result.scale.name): \(result.scale.recipe.sentence). "
            + "\(result.scale.baseWidth) channels in the first stage"
            + (result.scale.depth.map { ", \($0) layers in place of the paper’s depth" } ?? "")
            + ". Data: \(result.data), \(Quantity.grouped(result.trainingImages)) images to train on and "
            + "\(Quantity.grouped(result.testImages)) to test on. "
            + (result.seeds.count == 1 ? "One seed" : "Median of \(result.seeds.count) seeds")
            + ". \(result.scale.failureRule)"
            + (result.scale.name == ConfirmationScale.paper.name
                ? ""
                : " The paper’s numbers are of 64,000 iterations on CIFAR: orders can be compared, errors cannot.")
    }

    /// Where this scale does not show what the paper found; empty where it does. Where the seeds of two rows overlap,
    /// their order may be chance.
    static func departures(_ result: ConfirmationResult) -> [String] {
        let told = result.rows.filter { $0.row.published != .untold }
        let failures = told.compactMap { row -> String? in
            switch (row.row.published == .fails, result.fails(row)) {
            case (true, false):
                "\(row.row.name) fails in the paper and trains here, to "
                    + "\(ConfirmationTable.outcome(row, of: result)) %."
            case (false, true):
                "\(row.row.name) trains in the paper, to \(ConfirmationTable.published(row.row.published)) %, "
                    + "and fails here."
            default: nil
            }
        }
        func percent(_ row: RowResult) -> String {
            result.testError(row).map { NumberStyle.decimals(2).text(100 * $0.median) } ?? "–"
        }
        let orders = told.compactMap { row -> String? in
            let reversals = result.reversals.filter { $0.better.row == row.row }
            guard !reversals.isEmpty else { return nil }
            let others = reversals.map {
                "\($0.worse.row.name) (\(percent($0.worse)) %"
                    + ($0.isWithinSpread ? ", seeds overlap)" : ")")
            }
            return
                "\(row.row.name), at \(percent(row)) %, is worse here than rows that "
                + "the paper puts behind it: \(others.joined(separator: ", "))."
        }
        return failures + orders
    }

    static func agreement(_ result: ConfirmationResult) -> String {
        let departing = result.rows.filter(result.departs).count
        return departing == 0
            ? "All \(result.rows.count) rows stand in the paper’s order, and fail or train as there."
            : "\(departing) of \(result.rows.count) rows are not as in the paper at this scale: in their order among rows "
                + "of the same depth and block, or in whether they fail."
    }

    /// ρ with its uncertainty.
    static func correlation(_ correlation: RankCorrelation, minus: String) -> [String] {
        let two = NumberStyle.decimals(2)
        let found = correlation.correlation
        let interval = found?.interval.map {
            "\(two.text($0.lowerBound, minus: minus)) to \(two.text($0.upperBound, minus: minus))"
        }
        return [
            correlation.measured.words, correlation.outcome.words,
            found.map { two.text($0.coefficient, minus: minus) } ?? "–", interval ?? "–",
            found.map { NumberStyle.significant(2).text($0.pValue) } ?? "–",
        ]
    }

    static let correlationHeadings = ["measured at initialisation", "with", "ρ", "95 %", "p"]
    static let correlationExplanation = """
        Spearman’s ρ over the rows, between medians of the seeds. Theory expects a positive one: the faster the direct \
        term falls or grows from unit to unit, the worse the row. The interval is Fisher’s with Bonett and Wright’s standard error, p \
        that of a permutation test; with so few rows both are wide, and \
        \(RankCorrelation.Measured.allCases.count * RankCorrelation.Outcome.allCases.count) numbers are looked at at once.
        """

    static func search(_ search: GateBiasSearch) -> String {
        let trials = search.trials.map { trial in
            "\(trial.bias): "
                + (trial.heldOutError.map { NumberStyle.decimals(2).text(100 * $0) + " %" } ?? "broke off")
        }
        return "\(search.gate) by its bias, error on the held-out part of the training set (one seed): "
            + trials.joined(separator: ", ") + ". Best: \(search.best.map(String.init) ?? "none")."
    }
}
