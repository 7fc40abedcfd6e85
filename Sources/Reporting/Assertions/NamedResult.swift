/// A number or a word of the report, by its keys.
struct NamedResult: Sendable, Equatable {
    /// The keys that lead to it, or to the table that it is a column of.
    let path: [String]
    /// The column of the table at `path`; `nil` for a result that stands alone.
    let column: String?
    /// What the word can be; `nil` for a number.
    var words: [String]?
    let documentation: String

    /// All keys, separated by points.
    var name: String { (path + [column].compactMap { $0 }).joined(separator: ".") }
    /// The last key.
    var shortName: String { column ?? path[path.count - 1] }

    func value(in report: JSONValue) throws(AssertionFinding.Unknown) -> Double {
        try Self.number(try member(of: report), named: name)
    }

    func value(
        in report: JSONValue, row: AssertionExpression.Row
    ) throws(AssertionFinding.Unknown) -> Double {
        let (cell, name) = try cell(of: report, row: row)
        return try Self.number(cell, named: name)
    }

    /// The word, where it is one.
    func word(in report: JSONValue, row: AssertionExpression.Row?) throws(AssertionFinding.Unknown) -> String
    {
        var (found, name) = (try member(of: report), name)
        if let row { (found, name) = try cell(of: report, row: row) }
        guard case .string(let word) = found else { throw .init(reason: "\(name) is null: not measured") }
        return word
    }

    /// What stands in a row of its table, and its whole name.
    private func cell(
        of report: JSONValue, row: AssertionExpression.Row
    ) throws(AssertionFinding.Unknown) -> (JSONValue, name: String) {
        let rows = try rows(of: report)
        switch row {
        case .at(let index):
            let place = index < 0 ? rows.count + index : index
            guard rows.indices.contains(place) else {
                throw .init(
                    reason: "\(path.joined(separator: ".")) has \(Quantity.counted(rows.count, "row"))")
            }
            return (cell(in: rows[place]), "\(name)[\(index)]")
        case .named(let word):
            guard let found = rows.first(where: { $0["name"] == .string(word) }) else {
                throw .init(reason: "no row of \(path.joined(separator: ".")) is named \(word)")
            }
            return (cell(in: found), "\(name)[\(word)]")
        }
    }

    func value(
        in report: JSONValue, over aggregate: AssertionExpression.Aggregate
    ) throws(AssertionFinding.Unknown) -> Double {
        let cells = try rows(of: report).map(cell)
        let numbers = cells.compactMap(\.asNumber)
        if aggregate == .nulls { return Double(cells.count - numbers.count) }
        guard let least = numbers.min(), let greatest = numbers.max() else {
            throw .init(reason: "every row of \(name) is null")
        }
        switch aggregate {
        case .min: return least
        case .max: return greatest
        case .mean, .nulls: return numbers.reduce(0, +) / Double(numbers.count)
        }
    }

    private func cell(in row: JSONValue) -> JSONValue { column.flatMap { row[$0] } ?? .null }

    private static func number(_ value: JSONValue, named name: String) throws(AssertionFinding.Unknown)
        -> Double
    {
        guard let number = value.asNumber else {
            throw .init(reason: "\(name) is null: not measured, or the logarithm of 0")
        }
        return number
    }

    private func member(of report: JSONValue) throws(AssertionFinding.Unknown) -> JSONValue {
        var value = report
        for key in path { value = value[key] ?? .null }
        return value
    }

    private func rows(of report: JSONValue) throws(AssertionFinding.Unknown) -> [JSONValue] {
        guard case .array(let rows) = try member(of: report) else {
            throw .init(reason: "\(path.joined(separator: ".")) was not measured")
        }
        return rows
    }
}

extension JSONValue {
    /// A number as it is, a truth value as 1 or 0; `nil` for all else.
    fileprivate var asNumber: Double? {
        switch self {
        case .number(let number): number
        case .integer(let integer): Double(integer)
        case .boolean(let truth): truth ? 1 : 0
        default: nil
        }
    }
}
