import NumericalMethods

/// Reads an assertion by recursive descent: one function for each rule of the grammar (see `Assertion`).
struct AssertionParser {
    private var scanner: AssertionScanner
    private let results: ResultCatalogue
    /// Parentheses and signs that are open: a text of nothing else must not exhaust the stack.
    private var nesting = 0
    private static let deepest = 100

    init(_ text: String, results: ResultCatalogue) throws(AssertionError) {
        scanner = try AssertionScanner(text)
        self.results = results
    }

    /// The word for several seeds at the beginning, if there is one.
    mutating func quantifier() throws(AssertionError) -> Assertion.Quantifier? {
        guard case .word(let word) = scanner.token, let quantifier = Assertion.Quantifier(rawValue: word)
        else { return nil }
        try scanner.advance()
        return quantifier
    }

    mutating func assertion() throws(AssertionError) -> Assertion.Condition {
        if let result = wordResult { return .word(try wordCondition(on: result)) }
        let first = try sum()
        var links: [NumberChain.Link] = []
        while case .sign(let sign) = scanner.token, let comparison = Assertion.Comparison(rawValue: sign) {
            try scanner.advance()
            links.append(NumberChain.Link(comparison: comparison, expression: try sum()))
        }
        guard scanner.token == .end, !links.isEmpty else {
            throw scanner.failure(expected: links.isEmpty ? "a comparison such as <" : "its end")
        }
        return .numbers(NumberChain(first: first, links: links))
    }

    /// The result at hand, in parentheses or not, where it is a word.
    private var wordResult: NamedResult? {
        var ahead = scanner
        if ahead.token == .sign("(") { try? ahead.advance() }
        guard case .word(let name) = ahead.token, let result = try? results.result(named: name) else {
            return nil
        }
        return result.words == nil ? nil : result
    }

    private mutating func wordCondition(on result: NamedResult) throws(AssertionError) -> WordCondition {
        func place(_ parser: inout AssertionParser) throws(AssertionError) -> AssertionExpression.Row? {
            try parser.scanner.advance()
            return try parser.rowIfAny(of: result)
        }
        let isParenthesized = scanner.token == .sign("(")
        let row =
            isParenthesized
            ? try parenthesized { parser throws(AssertionError) in try place(&parser) } : try place(&self)
        guard case .sign(let sign) = scanner.token, let comparison = Assertion.Comparison(rawValue: sign),
            [.equal, .unequal].contains(comparison)
        else { throw scanner.failure(expected: "== or !=, for \(result.name) is a word") }
        try scanner.advance()
        return WordCondition(
            result: result, row: row, isEqual: comparison == .equal, word: try word(of: result))
    }

    /// One of the result's words, which may be several, as in “cannot say”.
    private mutating func word(of result: NamedResult) throws(AssertionError) -> String {
        var parts: [String] = []
        while case .word(let part) = scanner.token {
            parts.append(part)
            try scanner.advance()
        }
        guard !parts.isEmpty else { throw scanner.failure(expected: "a word") }
        guard scanner.token == .end else { throw scanner.failure(expected: "its end") }
        let (word, known) = (parts.joined(separator: " "), result.words ?? [])
        guard known.contains(word) else {
            throw .unknownWord(
                word, result: result.name, closest: ClosestMatch.find(word, in: known), known: known)
        }
        return word
    }

    private mutating func sum() throws(AssertionError) -> AssertionExpression {
        var left = try product()
        while let operation = operation(among: "+-") {
            try scanner.advance()
            left = .combined(left, operation, try product())
        }
        return left
    }

    private mutating func product() throws(AssertionError) -> AssertionExpression {
        var left = try factor()
        while let operation = operation(among: "*/") {
            try scanner.advance()
            left = .combined(left, operation, try factor())
        }
        return left
    }

    private mutating func factor() throws(AssertionError) -> AssertionExpression {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Self.deepest else {
            throw scanner.failure(expected: "fewer than 100 parentheses and signs")
        }
        switch scanner.token {
        case .number(let number):
            try scanner.advance()
            return .number(number)
        case .sign("-"):
            try scanner.advance()
            return .negated(try factor())
        case .sign("("): return try parenthesized { parser throws(AssertionError) in try parser.sum() }
        case .word(let word):
            try scanner.advance()
            return try named(word)
        case .sign, .end: throw scanner.failure(expected: "a name or a number")
        }
    }

    /// A function's value, a number of the report, or one of a table's row.
    private mutating func named(_ word: String) throws(AssertionError) -> AssertionExpression {
        if scanner.token == .sign("(") { return try function(word) }
        let result = try results.result(named: word)
        if let words = result.words { throw .isWord(word, words: words) }
        return try rowIfAny(of: result).map { .row(result, $0) } ?? .result(result)
    }

    /// The row of a table's column; `nil` for a result that stands alone.
    private mutating func rowIfAny(of result: NamedResult) throws(AssertionError) -> AssertionExpression.Row?
    {
        guard scanner.token == .sign("[") else {
            guard result.column == nil else { throw .needsRow(result.shortName) }
            return nil
        }
        guard result.column != nil else { throw .noTable(result.shortName) }
        return try row()
    }

    private mutating func function(_ word: String) throws(AssertionError) -> AssertionExpression {
        if word == "abs" {
            return .magnitude(try parenthesized { parser throws(AssertionError) in try parser.sum() })
        }
        if Assertion.Quantifier(rawValue: word) != nil {
            throw scanner.failure(
                expected: "“\(word)” at the beginning only: it speaks of the whole condition")
        }
        guard let aggregate = AssertionExpression.Aggregate(rawValue: word) else {
            throw scanner.failure(
                expected: "abs, min, max, mean or nulls before a parenthesis, not “\(word)”")
        }
        return .over(aggregate, try parenthesized { parser throws(AssertionError) in try parser.column() })
    }

    private mutating func column() throws(AssertionError) -> NamedResult {
        guard case .word(let word) = scanner.token else {
            throw scanner.failure(expected: "the name of a column")
        }
        let result = try results.result(named: word)
        if let words = result.words { throw .isWord(word, words: words) }
        guard result.column != nil else { throw .noTable(word) }
        try scanner.advance()
        return result
    }

    private mutating func row() throws(AssertionError) -> AssertionExpression.Row {
        try scanner.advance()
        let isNegative = scanner.token == .sign("-")
        if isNegative { try scanner.advance() }
        let row: AssertionExpression.Row
        switch scanner.token {
        case .number(let number):
            guard let index = Int(exactly: number) else { throw scanner.failure(expected: "a whole number") }
            row = .at(isNegative ? -index : index)
        case .word(let word) where !isNegative: row = .named(word)
        default: throw scanner.failure(expected: "a row")
        }
        try scanner.advance()
        try take("]")
        return row
    }

    private mutating func parenthesized<Inside>(
        _ inside: (inout AssertionParser) throws(AssertionError) -> Inside
    ) throws(AssertionError) -> Inside {
        try take("(")
        let value = try inside(&self)
        try take(")")
        return value
    }

    private mutating func take(_ sign: String) throws(AssertionError) {
        guard scanner.token == .sign(sign) else { throw scanner.failure(expected: "“\(sign)”") }
        try scanner.advance()
    }

    private func operation(among signs: String) -> AssertionExpression.Operation? {
        guard case .sign(let sign) = scanner.token, let character = sign.first, sign.count == 1,
            signs.contains(character)
        else { return nil }
        return AssertionExpression.Operation(rawValue: character)
    }
}
