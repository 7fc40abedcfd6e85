/// What a text says by the grammar alone: names and calls, as yet without meaning.
///
///     chain   = sum (comparison sum)…           comparison = "<" | "<=" | ">" | ">=" | "==" | "!="
///     sum     = product (("+" | "-") product)…
///     product = unary (("*" | "/") unary)…
///     unary   = ("-" | "+") unary | power
///     power   = element ["^" unary]             -x^2 is -(x^2), and 2^3^2 is 2^(3^2)
///     element = primary ["[" chain "]"]
///     primary = number | name | name "(" chain ("," chain)… ")" | "(" chain ")" | "[" chain ("," chain)… "]"
///     name    = ["@"] (letter | "_") (letter | digit | "_" | ".")…
///
/// Formulas of x, schedules by depth and assertions on results are all written in it; each gives the names their meaning.
public struct SyntaxTree: Sendable, Equatable {
    public indirect enum Kind: Sendable, Equatable {
        case number(Double)
        case name(String)
        /// name(arguments)
        case call(String, [SyntaxTree])
        /// base[index]
        case element(SyntaxTree, SyntaxTree)
        case negated(SyntaxTree)
        case combined(SyntaxTree, Arithmetic, SyntaxTree)
        /// Compared from left to right: one side more than there are comparisons.
        case chain([SyntaxTree], [Relation])
        case list([SyntaxTree])
    }

    /// The longest text that is read, in characters: what is made of it is walked recursively.
    public static let longestText = 4096

    public let kind: Kind
    /// The character that it begins at, counted from 0.
    public let position: Int

    public init(_ kind: Kind, at position: Int) {
        self.kind = kind
        self.position = position
    }
}

/// What stands between two numbers.
public enum Arithmetic: String, Sendable, Hashable, CaseIterable {
    case plus = "+"
    case minus = "-"
    case times = "*"
    case over = "/"
    case power = "^"
}

/// What two sides are compared by.
public enum Relation: String, Sendable, Hashable, CaseIterable {
    case less = "<"
    case atMost = "<="
    case greater = ">"
    case atLeast = ">="
    case equal = "=="
    case unequal = "!="

    public func holds(_ a: Double, _ b: Double) -> Bool {
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
