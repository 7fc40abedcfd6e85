import ResidualNetworks

/// A row of the paper's table beside what training it here came to.
public struct RowResult: Sendable, Codable, Equatable {
    public var row: PaperRow
    /// In order of seeds.
    public var cells: [ConfirmationCell]

    public init(row: PaperRow, cells: [ConfirmationCell]) {
        self.row = row
        self.cells = cells
    }

    /// What a run that broke off or exploded counts as, of this many classes: guessing.
    static func chance(_ classes: Int) -> Double { 1 - 1 / Double(max(1, classes)) }

    /// Shares; a run that broke off or exploded counts as guessing.
    func testError(classes: Int) -> MedianRange? {
        MedianRange(cells.map { $0.testError ?? Self.chance(classes) })
    }

    /// Of the runs that neither broke off nor exploded; `nil` where half of them did.
    var trainingLoss: MedianRange? {
        let losses = cells.compactMap(\.trainingLoss)
        return 2 * losses.count > cells.count ? MedianRange(losses) : nil
    }

    /// The median slope of the direct term; `nil` where it is exactly 0 at x_0 in half of the seeds.
    public var directPerUnit: MedianRange? { measured(\.directPerUnit) }
    public var gradientRange: MedianRange? { measured(\.gradientRange) }
    public var forwardGrowth: MedianRange? { measured(\.forwardGrowth) }
    public var digitsLeft: MedianRange? { measured(\.digitsLeft) }

    /// The mean share of y < 0 over all units, before and after training; `nil` where f is not ReLU.
    public var negativeShareBefore: MedianRange? {
        MedianRange(cells.compactMap { $0.initial.negativeShares.mean })
    }
    public var negativeShareAfter: MedianRange? {
        MedianRange(cells.compactMap { $0.negativeSharesAfter.mean })
    }

    /// The share of y_l < 0 of every unit, by unit, medians over the seeds; empty where f is not ReLU.
    public var negativeSharesBefore: [Double?] { byUnit(\.initial.negativeShares) }
    public var negativeSharesAfter: [Double?] { byUnit(\.negativeSharesAfter) }

    private func byUnit(_ shares: (ConfirmationCell) -> [Double?]) -> [Double?] {
        let runs = cells.map(shares)
        return (0..<(runs.map(\.count).max() ?? 0)).map { unit in
            MedianRange(runs.compactMap { $0.indices.contains(unit) ? $0[unit] : nil })?.median
        }
    }

    private func measured(_ quantity: (InitialMeasurement) -> Double?) -> MedianRange? {
        let values = cells.compactMap { quantity($0.initial) }
        return 2 * values.count > cells.count ? MedianRange(values) : nil
    }

    /// Iterations of the curve's points, with the median over the seeds of a quantity there; `nil` where half of the
    /// runs have broken off.
    public func curve(_ quantity: (CurvePoint) -> Double) -> [(iteration: Int, value: Double?)] {
        let iterations = Set(cells.flatMap { $0.curve.map(\.iteration) }).sorted()
        return iterations.map { iteration in
            let values = cells.compactMap { cell in
                cell.curve.first { $0.iteration == iteration }.map(quantity)
            }.filter(\.isFinite)
            return (iteration, 2 * values.count > cells.count ? MedianRange(values)?.median : nil)
        }
    }
}

extension [Double?] {
    /// Of those that are there; `nil` of none.
    fileprivate var mean: Double? {
        let present = compactMap(\.self)
        return present.isEmpty ? nil : present.reduce(0, +) / Double(present.count)
    }
}
