/// Reads a text by recursive descent: one function for each rule of the grammar (see `SyntaxTree`).
public struct SyntaxParser {
    private var scanner: SyntaxScanner
    private let joinsWords: Bool
    /// Parentheses and signs that are open: a text of nothing else must not exhaust the stack.
    private var nesting = 0
    private static let deepest = 100

    /// - Parameters:
    ///   - language: what the text is to be, for errors: “expression”.
    ///   - joinsWords: whether words side by side are one name of several words.
    public init(_ text: String, language: String, joinsWords: Bool = false) throws(SyntaxError) {
        scanner = try SyntaxScanner(text, language: language)
        self.joinsWords = joinsWords
    }

    /// Takes the word at hand where it is one of these.
    public mutating func take<Word: RawRepresentable<String>>(
        word type: Word.Type
    ) throws(SyntaxError) -> Word? {
        guard case .word(let text) = scanner.token, let word = Word(rawValue: text) else { return nil }
        try scanner.advance()
        return word
    }

    /// All of the text that is left.
    public mutating func tree() throws(SyntaxError) -> SyntaxTree {
        let tree = try chain()
        guard scanner.token == .end else {
            throw scanner.failure("expected an operator or the end, not \(scanner.token.words)")
        }
        return tree
    }

    private mutating func chain() throws(SyntaxError) -> SyntaxTree {
        let start = scanner.start
        var sides = [try sum()]
        var comparisons: [Relation] = []
        while case .sign(let sign) = scanner.token, let comparison = Relation(rawValue: sign) {
            try scanner.advance()
            comparisons.append(comparison)
            sides.append(try sum())
        }
        return comparisons.isEmpty ? sides[0] : SyntaxTree(.chain(sides, comparisons), at: start)
    }

    private mutating func sum() throws(SyntaxError) -> SyntaxTree {
        try operations([.plus, .minus]) { parser throws(SyntaxError) in try parser.product() }
    }

    private mutating func product() throws(SyntaxError) -> SyntaxTree {
        try operations([.times, .over]) { parser throws(SyntaxError) in try parser.unary() }
    }

    /// Operands with operations of one rank between them, from left to right.
    private mutating func operations(
        _ operations: [Arithmetic], of operand: (inout SyntaxParser) throws(SyntaxError) -> SyntaxTree
    ) throws(SyntaxError) -> SyntaxTree {
        let start = scanner.start
        var left = try operand(&self)
        while case .sign(let sign) = scanner.token, let operation = Arithmetic(rawValue: sign),
            operations.contains(operation)
        {
            try scanner.advance()
            left = SyntaxTree(.combined(left, operation, try operand(&self)), at: start)
        }
        return left
    }

    private mutating func unary() throws(SyntaxError) -> SyntaxTree {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Self.deepest else {
            throw scanner.failure("expected fewer than \(Self.deepest) open parentheses and signs")
        }
        let start = scanner.start
        switch scanner.token {
        case .sign("-"):
            try scanner.advance()
            return SyntaxTree(.negated(try unary()), at: start)
        case .sign("+"):
            try scanner.advance()
            return try unary()
        default: return try power()
        }
    }

    private mutating func power() throws(SyntaxError) -> SyntaxTree {
        let start = scanner.start
        let base = try element()
        guard scanner.token == .sign("^") else { return base }
        try scanner.advance()
        return SyntaxTree(.combined(base, .power, try unary()), at: start)
    }

    private mutating func element() throws(SyntaxError) -> SyntaxTree {
        let start = scanner.start
        let base = try primary()
        guard scanner.token == .sign("[") else { return base }
        try scanner.advance()
        let index = try chain()
        try take("]")
        return SyntaxTree(.element(base, index), at: start)
    }

    private mutating func primary() throws(SyntaxError) -> SyntaxTree {
        let start = scanner.start
        switch scanner.token {
        case .number(let number):
            try scanner.advance()
            return SyntaxTree(.number(number), at: start)
        case .word(let word): return try named(word, at: start)
        case .sign("("):
            try scanner.advance()
            let inside = try chain()
            try take(")")
            return inside
        case .sign("["):
            let elements = try list(closedBy: "]")
            return SyntaxTree(.list(elements), at: start)
        case .sign, .end: throw scanner.failure("expected a number or a name, not \(scanner.token.words)")
        }
    }

    private mutating func named(_ word: String, at start: Int) throws(SyntaxError) -> SyntaxTree {
        try scanner.advance()
        if scanner.token == .sign("(") {
            return SyntaxTree(.call(word, try list(closedBy: ")")), at: start)
        }
        var name = word
        while joinsWords, case .word(let next) = scanner.token {
            name += " " + next
            try scanner.advance()
        }
        return SyntaxTree(.name(name), at: start)
    }

    /// An opening bracket, chains with commas between them, the closing one.
    private mutating func list(closedBy closing: String) throws(SyntaxError) -> [SyntaxTree] {
        try scanner.advance()
        var elements = [try chain()]
        while scanner.token == .sign(",") {
            try scanner.advance()
            elements.append(try chain())
        }
        try take(closing)
        return elements
    }

    private mutating func take(_ sign: String) throws(SyntaxError) {
        guard scanner.token == .sign(sign) else {
            throw scanner.failure("expected “\(sign)”, not \(scanner.token.words)")
        }
        try scanner.advance()
    }
}
