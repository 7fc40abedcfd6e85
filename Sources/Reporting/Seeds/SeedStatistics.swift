import Analysis

/// One network measured with several seeds: the results, and their medians and quartiles at every x_l.
public struct SeedStatistics: Sendable, Equatable {
    public let seeds: [UInt64]
    /// One for each seed, of one network: the same rows in each.
    public let results: [AnalysisResult]
    /// What was built, which does not depend on the seed.
    public let network: NetworkSummary
    public let rows: [SeedRow]
    public let checks: [SeedCheck]

    /// - Parameter results: one for each seed; at least one.
    public init(seeds: [UInt64], results: [AnalysisResult]) {
        precondition(!results.isEmpty && seeds.count == results.count, "one result for each seed")
        self.seeds = seeds
        self.results = results
        network = results[0].network
        rows = results[0].units.indices.map { row in SeedRow(results.map { $0.units[row] }) }
        checks = results[0].checks.indices.map { index in
            SeedCheck(seeds: seeds, checks: results.map { $0.checks[index] })
        }
    }

    /// All checks that apply hold with every seed.
    public var allChecksHold: Bool { results.allSatisfy(\.allChecksHold) }
    /// Sentences of the checks that failed with some seed, each with the seed of its largest error.
    public var failures: [String] {
        checks.compactMap { check in check.worst.failure.map { "With seed \(check.seed): \($0)" } }
    }
    /// Whether every value of every seed could be had.
    public var isComplete: Bool { results.allSatisfy(\.isComplete) }

    public var loss: QuartileBand { band(\.loss) }

    /// Median and quartiles of any number of a result.
    func band(_ value: (AnalysisResult) -> Double?) -> QuartileBand { QuartileBand(results.map(value)) }

    /// A column of the table of units, by its name.
    func column(_ name: String) -> [QuartileBand?] { rows.map { $0.bands[name] } }
}

/// What several seeds measured at one x_l.
public struct SeedRow: Sendable, Equatable {
    /// The row of the first seed, for what does not depend on the seed: l, stage, channels.
    let place: UnitMeasurement
    /// By name of the column.
    public let bands: [String: QuartileBand]

    init(_ units: [UnitMeasurement]) {
        place = units[0]
        bands = Dictionary(
            uniqueKeysWithValues: SeedTable.measured.map { column in
                (column.name, QuartileBand(units.map { column.number($0) }))
            })
    }
}

/// One identity over all seeds.
public struct SeedCheck: Sendable, Equatable {
    /// The check of the seed with the largest error; `passed` only if it passed with every seed.
    public let worst: IdentityCheck
    /// The seed of the largest error.
    public let seed: UInt64

    init(seeds: [UInt64], checks: [IdentityCheck]) {
        func severity(_ check: IdentityCheck) -> Double {
            if check.passed == false { return .infinity }
            return check.worstError.map { $0.isNaN ? .infinity : $0 } ?? -1
        }
        let index = checks.indices.max { severity(checks[$0]) < severity(checks[$1]) } ?? 0
        worst = checks[index]
        seed = seeds[index]
    }
}

extension UnitColumn {
    /// The value as a number, `nil` for null.
    func number(_ row: UnitMeasurement) -> Double? {
        switch field.value(row) {
        case .number(let number): number
        case .integer(let integer): Double(integer)
        default: nil
        }
    }

    /// Says where a row stands rather than what was measured there.
    var isPlace: Bool {
        if case .count = style { isNumber } else { false }
    }
}
