/// Two rows that stand in the opposite order here and in the paper.
public struct OrderReversal: Sendable, Equatable {
    /// Better in the paper, worse here.
    public let better: RowResult
    /// Worse in the paper, better here.
    public let worse: RowResult
    /// Whether the two rows' seeds overlap: the order may then be chance.
    public let isWithinSpread: Bool
}

extension ConfirmationResult {
    /// Every pair of rows of one depth and block whose median test errors stand in the opposite order to the paper's
    /// numbers: the tables compare units and shortcuts, and what depth does is another matter at another scale. Failures,
    /// the paper's or those here, are of one order.
    public var reversals: [OrderReversal] {
        rows.flatMap { better in
            rows.compactMap { worse in
                guard let published = better.row.published.order, let other = worse.row.published.order,
                    better.row.depth == worse.row.depth, better.row.block == worse.row.block,
                    published < other, let here = testError(better), let there = testError(worse),
                    here.median > there.median,
                    !(fails(better) && fails(worse))
                else { return nil }
                return OrderReversal(better: better, worse: worse, isWithinSpread: here.overlaps(there))
            }
        }
    }

    /// Whether a row's place among the others, or its failure, is not the paper's.
    public func departs(_ row: RowResult) -> Bool {
        reversals.contains { $0.better.row == row.row || $0.worse.row == row.row }
            || row.row.published != .untold && (row.row.published == .fails) != fails(row)
    }
}
