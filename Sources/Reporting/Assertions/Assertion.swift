import Expressions

/// A condition on the numbers of a report, such as `direct_log10_per_unit > -0.01`, by which a script guards an
/// architecture.
///
///     assertion  = ["median" | "every"] sum (comparison sum)…
///                                                 a chain holds where every link does: -1 < cosine[0] < 1
///                | ["every"] result ("==" | "!=") word             for a result that is a word, not a number
///     result     = name ["[" row "]"]
///     row        = a number from 0, a negative one from the end, or the name that a row carries
///     name       = key ("." key)…           the keys of the JSON report, or the last one alone
///
/// Sums are written as expressions are (`SyntaxTree`), with results for names, and `min`, `max`, `mean` and `nulls` of a
/// column over the rows of its table.
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

    /// - Throws: `AssertionError` where the text does not follow the grammar, or names no result.
    public init(_ text: String) throws(AssertionError) {
        let reader: AssertionReader
        do throws(SyntaxError) {
            reader = try AssertionReader(text, results: .report)
        } catch { throw .syntax(error) }
        condition = try reader.condition()
        switch condition {
        case .numbers: quantifier = reader.quantifier ?? .median
        case .word(let condition) where reader.quantifier == .median:
            throw .noMedian(condition.result.name)
        case .word: quantifier = .every
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
