import Expressions
import NumericalMethods

/// Gives the names of an assertion their meaning.
struct AssertionReader {
    private let text: String
    private let results: ResultCatalogue
    private let tree: SyntaxTree
    /// The word for several seeds at the beginning, if there is one.
    let quantifier: Assertion.Quantifier?

    private static let language = "assertion"

    init(_ text: String, results: ResultCatalogue) throws(SyntaxError) {
        // Words of several words are values: cannot say.
        var parser = try SyntaxParser(text, language: Self.language, joinsWords: true)
        quantifier = try parser.take(word: Assertion.Quantifier.self)
        tree = try parser.tree()
        (self.text, self.results) = (text, results)
    }

    private func failure(_ problem: String, at position: Int) -> AssertionError {
        .syntax(SyntaxError(language: Self.language, text: text, position: position, problem: problem))
    }

    func condition() throws(AssertionError) -> Assertion.Condition {
        guard case .chain(let sides, let comparisons) = tree.kind else {
            throw failure("expected a comparison such as <", at: text.count)
        }
        if let result = wordResult(sides[0]) {
            return .word(try wordCondition(on: result, sides, comparisons))
        }
        var links: [NumberChain.Link] = []
        for (comparison, side) in zip(comparisons, sides.dropFirst()) {
            links.append(NumberChain.Link(comparison: comparison, expression: try expression(side)))
        }
        return .numbers(NumberChain(first: try expression(sides[0]), links: links))
    }

    /// The result that a side is, where it is a word.
    private func wordResult(_ side: SyntaxTree) -> NamedResult? {
        let name: String
        switch side.kind {
        case .name(let word): name = word
        case .element(let base, _):
            guard case .name(let word) = base.kind else { return nil }
            name = word
        default: return nil
        }
        guard let result = try? results.result(named: name), result.words != nil else { return nil }
        return result
    }

    private func wordCondition(
        on result: NamedResult, _ sides: [SyntaxTree], _ comparisons: [Relation]
    ) throws(AssertionError) -> WordCondition {
        guard [.equal, .unequal].contains(comparisons[0]) else {
            throw failure("expected == or !=, for \(result.name) is a word", at: sides[1].position)
        }
        guard sides.count == 2 else { throw failure("expected the end", at: sides[2].position) }
        guard case .name(let word) = sides[1].kind else {
            throw failure("expected a word", at: sides[1].position)
        }
        let known = result.words ?? []
        guard known.contains(word) else {
            throw .unknownWord(
                word, result: result.name, closest: ClosestMatch.find(word, in: known), known: known)
        }
        return WordCondition(
            result: result, row: try row(of: result, in: sides[0]), isEqual: comparisons[0] == .equal,
            word: word)
    }

    private func expression(_ tree: SyntaxTree) throws(AssertionError) -> AssertionExpression {
        switch tree.kind {
        case .number(let number): return .number(number)
        case .name(let name):
            let result = try number(named: name)
            return try row(of: result, in: tree).map { .row(result, $0) } ?? .result(result)
        case .element(let base, _):
            guard case .name(let name) = base.kind else {
                throw failure("only a column of a table has rows", at: tree.position)
            }
            let result = try number(named: name)
            return try row(of: result, in: tree).map { .row(result, $0) } ?? .result(result)
        case .negated(let inside): return .combined(.number(-1), .times, try expression(inside))
        case .combined(let a, let operation, let b):
            return .combined(try expression(a), operation.operation, try expression(b))
        case .call(let name, let arguments): return try call(name, arguments, at: tree.position)
        case .chain: throw failure("a comparison is no number", at: tree.position)
        case .list: throw failure("a list is no number", at: tree.position)
        }
    }

    private func number(named name: String) throws(AssertionError) -> NamedResult {
        let result = try results.result(named: name)
        if let words = result.words { throw .isWord(name, words: words) }
        return result
    }

    private func call(
        _ name: String, _ arguments: [SyntaxTree], at position: Int
    ) throws(AssertionError) -> AssertionExpression {
        if let aggregate = AssertionExpression.Aggregate(rawValue: name), arguments.count == 1 {
            guard case .name(let column) = arguments[0].kind else {
                throw failure("expected the name of a column", at: arguments[0].position)
            }
            let result = try number(named: column)
            guard result.column != nil else { throw .noTable(column) }
            return .over(aggregate, result)
        }
        if Assertion.Quantifier(rawValue: name) != nil {
            throw failure(
                "“\(name)” may stand at the beginning only: it speaks of the whole condition", at: position)
        }
        if name == AssertionExpression.Aggregate.mean.rawValue
            || name == AssertionExpression.Aggregate.nulls.rawValue
        {
            throw failure("\(name) takes the name of one column", at: position)
        }
        if let operation = Expression.Operation(rawValue: name), arguments.count > 1 {
            var left = try expression(arguments[0])
            for argument in arguments.dropFirst() {
                left = .combined(left, operation, try expression(argument))
            }
            return left
        }
        guard let function = Function(rawValue: name) else {
            let known =
                Function.allCases.map(\.rawValue) + AssertionExpression.Aggregate.allCases.map(\.rawValue)
                + [Expression.Operation.leakyRelu.rawValue]
            let closest = ClosestMatch.find(name, in: known).map { "; did you mean \($0)?" } ?? "."
            throw failure(
                "“\(name)” is no function\(closest) Known are \(known.joined(separator: ", "))", at: position)
        }
        guard arguments.count == 1 else { throw failure("\(name) takes one argument", at: position) }
        return .applied(function, try expression(arguments[0]))
    }

    /// The row of a table's column; `nil` for a result that stands alone.
    private func row(
        of result: NamedResult, in tree: SyntaxTree
    ) throws(AssertionError) -> AssertionExpression.Row? {
        guard case .element(_, let index) = tree.kind else {
            guard result.column == nil else { throw .needsRow(result.shortName) }
            return nil
        }
        guard result.column != nil else { throw .noTable(result.shortName) }
        switch index.kind {
        case .name(let word): return .named(word)
        case .number(let number):
            if let place = Int(exactly: number) { return .at(place) }
        case .negated(let inside):
            if case .number(let number) = inside.kind, let place = Int(exactly: -number) { return .at(place) }
        default: break
        }
        throw failure("expected a whole number or the name of a row", at: index.position)
    }
}
