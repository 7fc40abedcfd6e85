/// A condition on the numbers of a report, such as `direct_log10_per_unit > -0.01`, by which a script guards an
/// architecture.
///
///     assertion  = ["median" | "every"] sum (comparison sum)…
///                                                 a chain holds where every link does: -1 < cosine[0] < 1
///                | ["every"] result ("==" | "!=") word             for a result that is a word, not a number
///     comparison = "<" | "<=" | ">" | ">=" | "==" | "!="
///     sum        = product (("+" | "-") product)…
///     product    = factor (("*" | "/") factor)…
///     factor     = number | "-" factor | "(" sum ")" | "abs" "(" sum ")"
///                | ("min" | "max" | "mean" | "nulls") "(" name ")"      over the rows of a table
///                | result
///     result     = name ["[" row "]"]
///     row        = a number from 0, a negative one from the end, or the name that a row carries
///     name       = key ("." key)…           the keys of the JSON report, or the last one alone
public struct Assertion: Sendable, Equatable {
    /// As it was written.
    public let text: String
    /// How several seeds are judged together.
    let quantifier: Quantifier
    let condition: Condition

    enum Condition: Sendable, Equatable {
        case numbers(NumberChain)
        case word(WordCondition)
    }

    enum Quantifier: String, Sendable, CaseIterable {
        /// Each side is a median over the seeds, taken after its arithmetic; what is meant of numbers where nothing is
        /// said.
        case median
        /// The condition is to hold with each seed alone; what is meant of words, which have no median.
        case every
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

    /// The longest text that is read, in characters: its sums, each nested in the next, are evaluated recursively.
    static let longest = 4096

    /// - Throws: `AssertionError` where the text does not follow the grammar, or names no result.
    public init(_ text: String) throws(AssertionError) {
        guard text.count <= Self.longest else {
            throw .tooLong(characters: text.count, limit: Self.longest)
        }
        var parser = try AssertionParser(text, results: .report)
        let quantifier = try parser.quantifier()
        condition = try parser.assertion()
        switch condition {
        case .numbers: self.quantifier = quantifier ?? .median
        case .word(let condition) where quantifier == .median: throw .noMedian(condition.result.name)
        case .word: self.quantifier = .every
        }
        self.text = text
    }

    /// What the results of a report say.
    public func judge(_ report: JSONValue) -> AssertionFinding {
        do throws(AssertionFinding.Unknown) {
            switch condition {
            case .numbers(let chain): return finding(chain, try chain.sides(in: report))
            case .word(let condition):
                let found = try condition.result.word(in: report, row: condition.row)
                return AssertionFinding(
                    text: text, outcome: condition.holds(found) ? .holds : .fails, values: [], found: found)
            }
        } catch {
            return AssertionFinding(text: text, outcome: .cannotSay(error.reason))
        }
    }

    func finding(_ chain: NumberChain, _ sides: [Double], of seeds: String? = nil) -> AssertionFinding {
        let comparisons = chain.links.map(\.comparison)
        let holds = comparisons.indices.allSatisfy { comparisons[$0].holds(sides[$0], sides[$0 + 1]) }
        return AssertionFinding(
            text: text, outcome: holds ? .holds : .fails, values: sides, comparisons: comparisons,
            seeds: seeds)
    }
}
