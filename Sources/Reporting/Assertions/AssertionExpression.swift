import Expressions

/// A number made from the numbers of a report.
indirect enum AssertionExpression: Sendable, Equatable {
    case number(Double)
    case result(NamedResult)
    case row(NamedResult, Row)
    case over(Aggregate, NamedResult)
    case applied(Function, AssertionExpression)
    case combined(AssertionExpression, Expression.Operation, AssertionExpression)

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

    func value(in report: JSONValue) throws(AssertionFinding.Unknown) -> Double {
        switch self {
        case .number(let number): return number
        case .result(let result): return try result.value(in: report)
        case .row(let result, let row): return try result.value(in: report, row: row)
        case .over(let aggregate, let result): return try result.value(in: report, over: aggregate)
        case .applied(let function, let expression):
            return try Self.finite(function.value(at: expression.value(in: report)))
        case .combined(let a, let operation, let b):
            return try Self.finite(operation.value(a.value(in: report), b.value(in: report)))
        }
    }

    private static func finite(_ value: Double) throws(AssertionFinding.Unknown) -> Double {
        guard value.isFinite else { throw .init(reason: "its arithmetic leaves the range of numbers") }
        return value
    }
}
