import NumericalMethods

/// How well what was measured at initialisation orders the rows by what training ended with.
public struct RankCorrelation: Sendable, Equatable {
    /// What was measured before training.
    public enum Measured: String, Sendable, CaseIterable {
        case directPerUnit = "direct_per_unit"
        case gradientRange = "gradient_range"
        case forwardGrowth = "forward_growth"
        case digitsLost = "digits_lost"

        public var words: String {
            switch self {
            case .directPerUnit: "direct term, |decades per unit|"
            case .gradientRange: "gradient range, |log10 ‖g_0‖/‖g_L‖|"
            case .forwardGrowth: "forward growth, |log10 rms x_L / rms x_0|"
            case .digitsLost: "digits of x_L lost to rounding"
            }
        }
    }

    /// What training ended with.
    public enum Outcome: String, Sendable, CaseIterable {
        case testError = "test_error"
        case trainingLoss = "training_loss"

        public var words: String {
            switch self {
            case .testError: "test error"
            case .trainingLoss: "training loss"
            }
        }
    }

    public let measured: Measured
    public let outcome: Outcome
    /// `nil` where there are too few rows or all are alike.
    public let correlation: SpearmanCorrelation?
}

extension ConfirmationResult {
    /// Over the rows, between medians of their seeds. A direct term that is exactly 0 ranks above every slope, as a
    /// range that has no logarithm does above every range, and the loss of runs that broke off above every loss. The
    /// theory expects a positive ρ of each: a direct term that vanishes harms as one that explodes does (Eqn. 5), and a
    /// loss that is a chaotic function of the weights has no direction of descent. Rows whose digits nobody measured are
    /// left out of theirs.
    public var correlations: [RankCorrelation] {
        RankCorrelation.Outcome.allCases.flatMap { outcome in
            RankCorrelation.Measured.allCases.map { measured in
                let pairs = rows.compactMap { row -> (Double, Double)? in
                    guard !row.cells.isEmpty, let before = rankable(measured, row) else { return nil }
                    return (before, rankable(outcome, row))
                }
                return RankCorrelation(
                    measured: measured, outcome: outcome,
                    correlation: try? SpearmanCorrelation(x: pairs.map(\.0), y: pairs.map(\.1)))
            }
        }
    }

    private func rankable(_ measured: RankCorrelation.Measured, _ row: RowResult) -> Double? {
        let last = Double.greatestFiniteMagnitude
        return switch measured {
        case .directPerUnit: row.directPerUnit.map { abs($0.median) } ?? last
        case .gradientRange: row.gradientRange.map { abs($0.median) } ?? last
        case .forwardGrowth: row.forwardGrowth.map { abs($0.median) } ?? last
        case .digitsLost: row.digitsLeft.map { -$0.median }
        }
    }

    private func rankable(_ outcome: RankCorrelation.Outcome, _ row: RowResult) -> Double {
        switch outcome {
        case .testError: testError(row)?.median ?? .greatestFiniteMagnitude
        case .trainingLoss: trainingLoss(row)?.median ?? .greatestFiniteMagnitude
        }
    }
}
