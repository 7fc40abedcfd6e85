/// A condition on the numbers of a report, such as `direct_log10_per_unit > -0.01`, by which a script guards an
/// architecture.
///
///     assertion  = ["median" | "every"] sum (comparison sum)…
///                                                 a chain holds where every link does: -1 < cosine[0] < 1
///     comparison = "<" | "<=" | ">" | ">=" | "==" | "!="
///     sum        = product (("+" | "-") product)…
///     product    = factor (("*" | "/") factor)…
///     factor     = number | "-" factor | "(" sum ")" | "abs" "(" sum ")"
///                | ("min" | "max" | "mean" | "nulls") "(" name ")"      over the rows of a table
///                | name ["[" row "]"]
///     row        = a number from 0, a negative one from the end, or the name that a row carries
///     name       = key ("." key)…           the keys of the JSON report, or the last one alone
public struct Assertion: Sendable, Equatable {
    /// As it was written.
    public let text: String
    /// How several seeds are judged together.
    let quantifier: Quantifier
    let first: AssertionExpression
    let links: [Link]

    enum Quantifier: String, Sendable, CaseIterable {
        /// Each side is a median over the seeds, taken after its arithmetic; what is meant where nothing is said.
        case median
        /// The condition is to hold with each seed alone.
        case every
    }

    struct Link: Sendable, Equatable {
        let comparison: Comparison
        let expression: AssertionExpression
    }

    enum Comparison: String, Sendable, CaseIterable {
        case less = "<"
        case atMost = "<="
        case greater = ">"
        case atLeast = ">="
        case equal = "=="
        case unequal = "!="

        func holds(_ a: Double, _ b: Double) -> Bool {
            switch self {
            case .less: a < b
            case .atMost: a <= b
            case .greater: a > b
            case .atLeast: a >= b
            case .equal: a == b
            case .unequal: a != b
            }
        }
    }

    /// - Throws: `AssertionError` where the text does not follow the grammar, or names no result.
    public init(_ text: String) throws(AssertionError) {
        var parser = try AssertionParser(text, results: .report)
        quantifier = try parser.quantifier()
        (first, links) = try parser.assertion()
        self.text = text
    }

    /// What the numbers of a report say.
    public func judge(_ report: JSONValue) -> AssertionFinding {
        do throws(AssertionFinding.Unknown) {
            return finding(try sides(in: report))
        } catch {
            return AssertionFinding(text: text, outcome: .cannotSay(error.reason))
        }
    }

    /// Both sides of its comparison, or all of a chain's.
    func sides(in report: JSONValue) throws(AssertionFinding.Unknown) -> [Double] {
        var values = [try first.value(in: report)]
        for link in links { values.append(try link.expression.value(in: report)) }
        return values
    }

    func finding(_ sides: [Double], of seeds: String? = nil) -> AssertionFinding {
        let comparisons = links.map(\.comparison)
        let holds = comparisons.indices.allSatisfy { comparisons[$0].holds(sides[$0], sides[$0 + 1]) }
        return AssertionFinding(
            text: text, outcome: holds ? .holds : .fails, values: sides, comparisons: comparisons,
            seeds: seeds)
    }
}
