import Analysis

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
        let (found, name) = try self.row(row, of: report)
        return try number(in: found, named: name)
    }

    /// The word, where it is one.
    func word(in report: JSONValue, row: AssertionExpression.Row?) throws(AssertionFinding.Unknown) -> String
    {
        var (found, name) = (try member(of: report), name)
        if let row {
            let place = try self.row(row, of: report)
            (found, name) = (cell(in: place.row), place.name)
        }
        guard case .string(let word) = found else { throw .init(reason: "\(name) is null: not measured") }
        return word
    }

    /// A row of its table, and the whole name of what stands there.
    private func row(
        _ row: AssertionExpression.Row, of report: JSONValue
    ) throws(AssertionFinding.Unknown) -> (row: JSONValue, name: String) {
        let rows = try rows(of: report)
        switch row {
        case .at(let index):
            let place = index < 0 ? rows.count + index : index
            guard rows.indices.contains(place) else {
                throw .init(
                    reason: "\(path.joined(separator: ".")) has \(Quantity.counted(rows.count, "row"))")
            }
            return (rows[place], "\(name)[\(index)]")
        case .named(let word):
            guard let found = rows.first(where: { $0["name"] == .string(word) }) else {
                throw .init(reason: "no row of \(path.joined(separator: ".")) is named \(word)")
            }
            return (found, "\(name)[\(word)]")
        }
    }

    func value(
        in report: JSONValue, over aggregate: AssertionExpression.Aggregate
    ) throws(AssertionFinding.Unknown) -> Double {
        let rows = try rows(of: report)
        if aggregate == .nulls { return Double(rows.count { cell(in: $0).asNumber == nil }) }
        // What nobody measured is left out; a logarithm of 0 is the least of all, and what is not finite has no order.
        var numbers: [Double] = []
        for row in rows where cell(in: row).asNumber != nil || ![nil, .notMeasured].contains(status(in: row))
        {
            numbers.append(try number(in: row, named: name))
        }
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

    private func number(in row: JSONValue, named name: String) throws(AssertionFinding.Unknown) -> Double {
        let value = cell(in: row)
        if let number = value.asNumber { return number }
        switch status(in: row) {
        case .zero: return -.infinity
        case .notFinite: throw .init(reason: "\(name) is null: not finite")
        case .notMeasured, .measured: throw .init(reason: "\(name) is null: not measured")
        case nil: return try Self.number(value, named: name)
        }
    }

    /// What the row says stands behind the number, where it does: `direct_status` of `direct_log10`.
    private func status(in row: JSONValue) -> MeasurementStatus? {
        guard let column, let end = ["_log10", "_rms"].first(where: column.hasSuffix),
            case .string(let word)? = row["\(column.dropLast(end.count))_status"]
        else { return nil }
        return MeasurementStatus(rawValue: word)
    }

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
