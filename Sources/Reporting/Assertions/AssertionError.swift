/// Why a text is no assertion. Positions count characters from 1.
public enum AssertionError: Error, Equatable, CustomStringConvertible {
    case syntax(String, position: Int, expected: String)
    case unknownName(String, closest: String?, known: [String])
    case ambiguousName(String, meanings: [String])
    /// A column of a table stands where one number is needed.
    case needsRow(String)
    /// A single number stands where a column is needed.
    case noTable(String)

    public var description: String {
        switch self {
        case .syntax(let text, let position, let expected):
            "The assertion “\(text)” breaks off at character \(position): expected \(expected)."
        case .unknownName(let name, let closest, let known):
            "No result is named “\(name)”" + (closest.map { "; did you mean \($0)?" } ?? ".")
                + " Known are: \(known.joined(separator: ", "))."
        case .ambiguousName(let name, let meanings):
            "“\(name)” may mean \(meanings.joined(separator: " or ")): write it out."
        case .needsRow(let name):
            "“\(name)” is a column of a table: choose a row, as in \(name)[0], or take min(\(name)), max(\(name)) or "
                + "mean(\(name))."
        case .noTable(let name): "“\(name)” is a single number and has no rows."
        }
    }
}
