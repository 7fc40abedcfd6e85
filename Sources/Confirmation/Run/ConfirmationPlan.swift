import ResidualNetworks
import Tensors

/// Which rows are trained, at which scale, on what and with which seeds.
public struct ConfirmationPlan: Sendable {
    public let table: PaperTable
    public let rows: [PaperRow]
    public let scale: ConfirmationScale
    public let seeds: [UInt64]
    public let data: ConfirmationData

    /// One training run.
    public struct Cell: Sendable, Equatable {
        public let row: PaperRow
        public let seed: UInt64

        public var name: String { "\(row.name), seed \(seed)" }
    }

    /// - Parameters:
    ///   - dataSet: whose rows are trained.
    ///   - greatestDepth: deeper rows are left out.
    /// - Throws: `ConfirmationError`, `NetworkError.impossibleDepth`, `TrainingError.impossibleRecipe`.
    public init(
        _ table: PaperTable, on dataSet: PaperRow.DataSet, greatestDepth: Int? = nil,
        scale: ConfirmationScale,
        seeds: [UInt64], data: ConfirmationData
    ) throws {
        try scale.recipe.validate()
        let published = table.rows(on: dataSet)
        guard !published.isEmpty else { throw ConfirmationError.noRows(table, dataSet) }
        let rows = Self.distinct(published.map { $0.moved(to: scale.depth) })
            .filter { $0.depth <= greatestDepth ?? .max }
        guard !rows.isEmpty else { throw ConfirmationError.allTooDeep(greatestDepth ?? 0) }
        for row in rows {
            let design = try row.design(
                input: data.shape, classes: data.classes, baseWidth: scale.baseWidth)
            let samples = scale.recipe.batch / scale.recipe.optimization.replicas
            try design.scarcestNormalization(batch: samples)?.requireSeveralValues()
        }
        self.init(table: table, rows: rows, scale: scale, seeds: seeds, data: data)
    }

    init(
        table: PaperTable, rows: [PaperRow], scale: ConfirmationScale, seeds: [UInt64],
        data: ConfirmationData
    ) {
        self.table = table
        self.rows = rows
        self.scale = scale
        self.seeds = seeds
        self.data = data
    }

    /// The deepest first, so that no long cell is left to run alone at the end.
    public var cells: [Cell] {
        let cells = seeds.flatMap { seed in rows.map { Cell(row: $0, seed: seed) } }
        return cells.enumerated().sorted {
            ($1.element.row.depth, $0.offset) < ($0.element.row.depth, $1.offset)
        }.map(\.element)
    }

    /// Everything that a cell's result follows from beside its row and its seed, in words: the recipe by the names of
    /// its numbers, and what they are used on.
    func configuration() throws -> [String: String] {
        try scale.recipe.settings().merging([
            "data": data.name, "images": "\(data.trainingCount) and \(data.testCount)",
            "base width": "\(scale.baseWidth)", "evaluated every": "\(scale.evaluationInterval)",
            "probe images": "\(scale.probeImages)",
        ]) { $1 }
    }

    /// Rows that have become one network are trained once.
    private static func distinct(_ rows: [PaperRow]) -> [PaperRow] {
        var seen: Set<String> = []
        return rows.filter { seen.insert($0.identity).inserted }
    }
}

extension PaperRow {
    fileprivate func moved(to depth: Int?) -> PaperRow {
        guard let depth else { return self }
        var row = self
        row.depth = depth
        return row
    }
}
