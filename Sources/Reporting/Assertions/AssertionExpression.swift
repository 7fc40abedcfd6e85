/// A number made from the numbers of a report.
indirect enum AssertionExpression: Sendable, Equatable {
    case number(Double)
    case result(NamedResult)
    case row(NamedResult, Row)
    case over(Aggregate, NamedResult)
    case magnitude(AssertionExpression)
    case negated(AssertionExpression)
    case combined(AssertionExpression, Operation, AssertionExpression)

    /// Which row of a table.
    enum Row: Sendable, Equatable {
        /// From 0; a negative one counts from the end.
        case at(Int)
        case named(String)
    }

    /// A number over all rows. What nobody measured is left out, but for the count of nulls; the logarithm of 0 is −∞.
    enum Aggregate: String, Sendable, CaseIterable {
        case min, max, mean, nulls
    }

    enum Operation: Character, Sendable {
        case plus = "+"
        case minus = "-"
        case times = "*"
        case over = "/"

        func apply(_ a: Double, _ b: Double) -> Double {
            switch self {
            case .plus: a + b
            case .minus: a - b
            case .times: a * b
            case .over: a / b
            }
        }
    }

    func value(in report: JSONValue) throws(AssertionFinding.Unknown) -> Double {
        switch self {
        case .number(let number): return number
        case .result(let result): return try result.value(in: report)
        case .row(let result, let row): return try result.value(in: report, row: row)
        case .over(let aggregate, let result): return try result.value(in: report, over: aggregate)
        case .magnitude(let expression): return abs(try expression.value(in: report))
        case .negated(let expression): return -(try expression.value(in: report))
        case .combined(let a, let operation, let b):
            let value = operation.apply(try a.value(in: report), try b.value(in: report))
            guard value.isFinite else { throw .init(reason: "its arithmetic leaves the range of numbers") }
            return value
        }
    }
}
