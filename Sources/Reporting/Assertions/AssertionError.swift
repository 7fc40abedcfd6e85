import Expressions

/// Why a text is no assertion.
public enum AssertionError: Error, Equatable, CustomStringConvertible {
    case syntax(SyntaxError)
    case unknownName(String, closest: String?, known: [String])
    case ambiguousName(String, meanings: [String])
    /// A column of a table stands where one number is needed.
    case needsRow(String)
    /// A single number stands where a column is needed.
    case noTable(String)
    /// A word stands where a number is needed.
    case isWord(String, words: [String])
    case unknownWord(String, result: String, closest: String?, known: [String])
    /// Words have no median over the seeds.
    case noMedian(String)

    public var description: String {
        switch self {
        case .syntax(let error): error.description
        case .unknownName(let name, let closest, let known):
            "No result is named “\(name)”" + (closest.map { "; did you mean \($0)?" } ?? ".")
                + " Known are: \(known.joined(separator: ", "))."
        case .ambiguousName(let name, let meanings):
            "“\(name)” may mean \(meanings.joined(separator: " or ")): write it out."
        case .needsRow(let name):
            "“\(name)” is a column of a table: choose a row, as in \(name)[0], or take min(\(name)), max(\(name)) or "
                + "mean(\(name))."
        case .noTable(let name): "“\(name)” is a single number and has no rows."
        case .isWord(let name, let words):
            "“\(name)” is a word and no number: it can only be compared with == or !=, as in \(name) == \(words[0])."
        case .unknownWord(let word, let result, let closest, let known):
            "“\(word)” is no value of \(result)" + (closest.map { "; did you mean \($0)?" } ?? ".")
                + " It is one of: \(known.joined(separator: ", "))."
        case .noMedian(let name):
            "“\(name)” is a word and has no median: without “median” the condition is to hold with every seed."
        }
    }
}
