import NumericalMethods

/// Gives the names of a text their meaning.
///
///     x  l  L  s  n  t          the element and the place (`Expression.Symbol`)
///     e  pi                     constants
///     @a  @a[n]                 a learned number, or one a channel
///     + - * / ^  < <= > >= == !=
///     exp log sqrt sin cos tanh sigmoid erf softplus relu gelu silu abs sign step
///     leaky_relu(x[, a])  min(a, b, …)  max(a, b, …)  clip(x, a, b)  where(condition, a, b)
public struct ExpressionReader: Sendable {
    /// The symbols that have a meaning where it stands.
    public let symbols: Set<Expression.Symbol>
    /// Parameters of the user's, by name.
    public let parameters: [String: Double]
    /// What learned numbers start from, by name without @: a formula of the position.
    public let initials: [String: Expression]
    public let allowsLearned: Bool

    public init(
        symbols: Set<Expression.Symbol> = Set(Expression.Symbol.allCases), parameters: [String: Double] = [:],
        initials: [String: Expression] = [:], allowsLearned: Bool = true
    ) {
        self.symbols = symbols
        self.parameters = parameters
        self.initials = initials
        self.allowsLearned = allowsLearned
    }

    /// The same names but for x and learned numbers: what is the same for all elements of a unit.
    public var ofPositions: ExpressionReader {
        ExpressionReader(symbols: symbols.subtracting([.x]), parameters: parameters, allowsLearned: false)
    }

    /// The same names but for x.
    public var ofUnits: ExpressionReader {
        ExpressionReader(symbols: symbols.subtracting([.x]), parameters: parameters, initials: initials)
    }

    /// Numbers, names and operations that an expression may have, and levels of nesting.
    public static let largest = 500
    public static let deepest = 200

    /// - Throws: `SyntaxError`.
    public func expression(_ text: String) throws(SyntaxError) -> Expression {
        var parser = try SyntaxParser(text, language: "expression")
        return try expression(of: parser.tree(), in: text)
    }

    /// A formula, or the formulas of a list such as `[0.9, 1, 1.1]`.
    ///
    /// - Throws: `SyntaxError`.
    public func list(_ text: String) throws(SyntaxError) -> [Expression] {
        var parser = try SyntaxParser(text, language: "expression")
        let tree = try parser.tree()
        guard case .list(let elements) = tree.kind else { return [try expression(of: tree, in: text)] }
        var expressions: [Expression] = []
        for element in elements { expressions.append(try expression(of: element, in: text)) }
        return expressions
    }

    private func expression(of tree: SyntaxTree, in text: String) throws(SyntaxError) -> Expression {
        let expression = try meaning(of: tree, in: text)
        guard expression.depth <= Self.deepest else {
            throw failure(
                text, 0,
                "it has \(expression.depth) levels of operations, and at most \(Self.deepest) are read")
        }
        let names = expression.learned.map(\.name)
        if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw failure(
                text, tree.position,
                "@\(twice) is one number of a unit, or one a channel as @\(twice)[n], not both")
        }
        return expression
    }

    /// Whether a name has a meaning of its own, so that no user's number can have it.
    public static func isTaken(_ name: String) -> Bool {
        Expression.Symbol(rawValue: name) != nil || constants[name] != nil || functions.contains(name)
    }

    public static let constants: [String: Double] = ["e": 2.718281828459045, "pi": Double.pi]

    private static let functions: [String] =
        Function.allCases.map(\.rawValue) + ["leaky_relu", "min", "max", "clip", "where"]

    private func failure(_ text: String, _ position: Int, _ problem: String) -> SyntaxError {
        SyntaxError(language: "expression", text: text, position: position, problem: problem)
    }

    /// Counted at every step: a chain writes its middle sides twice, and chains within chains would double them.
    private func meaning(of tree: SyntaxTree, in text: String) throws(SyntaxError) -> Expression {
        let meaning = try uncountedMeaning(of: tree, in: text)
        guard meaning.size <= Self.largest else {
            throw failure(
                text, tree.position,
                "it has more than \(Self.largest) numbers, names and operations, and no more are read")
        }
        return meaning
    }

    private func uncountedMeaning(of tree: SyntaxTree, in text: String) throws(SyntaxError) -> Expression {
        switch tree.kind {
        case .number(let number): return .number(number)
        case .name(let name): return try named(name, at: tree.position, in: text)
        case .negated(let inside): return .binary(.times, -1, try meaning(of: inside, in: text))
        case .combined(let a, let operation, let b):
            return .binary(
                operation.operation, try meaning(of: a, in: text), try meaning(of: b, in: text))
        case .chain(let sides, let relations):
            var meanings: [Expression] = []
            for side in sides { meanings.append(try meaning(of: side, in: text)) }
            let links = relations.indices.map {
                Expression.compared(meanings[$0], relations[$0], meanings[$0 + 1])
            }
            return links.dropFirst().reduce(links[0]) { .binary(.times, $0, $1) }
        case .element(let base, let index):
            guard case .name(let name) = base.kind, name.hasPrefix("@"), index.kind == .name("n") else {
                throw failure(text, tree.position, "only a learned number has channels, as in @a[n]")
            }
            return try learned(name, isPerChannel: true, at: tree.position, in: text)
        case .call(let name, let arguments):
            var meanings: [Expression] = []
            for argument in arguments { meanings.append(try meaning(of: argument, in: text)) }
            return try call(name, meanings, at: tree.position, in: text)
        case .list: throw failure(text, tree.position, "a list stands alone, as a schedule by depth")
        }
    }

    private func named(_ name: String, at position: Int, in text: String) throws(SyntaxError) -> Expression {
        if name.hasPrefix("@") { return try learned(name, isPerChannel: false, at: position, in: text) }
        if let symbol = Expression.Symbol(rawValue: name) {
            guard symbols.contains(symbol) else {
                throw failure(text, position, "“\(name)” has no meaning here; known are \(known)")
            }
            return .symbol(symbol)
        }
        if let constant = Self.constants[name] ?? parameters[name] { return .number(constant) }
        if Self.functions.contains(name) {
            throw failure(text, position, "“\(name)” is a function and needs an argument, as in \(name)(x)")
        }
        throw failure(text, position, "“\(name)” is not known" + closest(to: name, in: names) + known(names))
    }

    private var names: [String] {
        Expression.Symbol.allCases.filter(symbols.contains).map(\.rawValue) + Self.constants.keys.sorted()
            + parameters.keys.sorted()
    }

    private var known: String { names.joined(separator: ", ") }

    private func closest(to name: String, in candidates: [String]) -> String {
        ClosestMatch.find(name, in: candidates + Self.functions).map { "; did you mean \($0)?" } ?? "."
    }

    private func known(_ names: [String]) -> String { " Known are \(names.joined(separator: ", "))" }

    private func learned(
        _ name: String, isPerChannel: Bool, at position: Int, in text: String
    ) throws(SyntaxError) -> Expression {
        guard name.count > 1 else { throw failure(text, position, "expected a name after @") }
        guard allowsLearned else {
            throw failure(text, position, "nothing is learned here: \(name) has no meaning")
        }
        guard initials[String(name.dropFirst())] != nil else {
            let known =
                initials.isEmpty
                ? "" : "; known are \(initials.keys.sorted().map { "@" + $0 }.joined(separator: ", "))"
            throw failure(
                text, position,
                "\(name) has no value to start from, as --init \(name.dropFirst())=1 would give it\(known)")
        }
        return .learned(LearnedNumber(name: String(name.dropFirst()), isPerChannel: isPerChannel))
    }

    private func call(
        _ name: String, _ arguments: [Expression], at position: Int, in text: String
    ) throws(SyntaxError) -> Expression {
        func require(_ counts: ClosedRange<Int>, _ example: String) throws(SyntaxError) {
            guard counts.contains(arguments.count) else {
                throw failure(
                    text, position, "\(name) takes \(example), and here it has \(arguments.count) arguments")
            }
        }
        if let function = Function(rawValue: name) {
            try require(1...1, "one argument")
            return .unary(function, arguments[0])
        }
        switch name {
        case "leaky_relu":
            try require(1...2, "x and the slope below 0")
            return .binary(.leakyRelu, arguments[0], arguments.count > 1 ? arguments[1] : 0.01)
        case "min", "max":
            try require(2...Self.largest, "two arguments or more")
            return arguments.dropFirst().reduce(arguments[0]) { .binary(name == "min" ? .min : .max, $0, $1) }
        case "clip":
            try require(3...3, "x and two bounds")
            return .clipped(arguments[0], arguments[1], arguments[2])
        case "where":
            try require(3...3, "a condition and two values")
            return .choice(arguments[0], arguments[1], arguments[2])
        default:
            throw failure(
                text, position,
                "“\(name)” is no function" + closest(to: name, in: []) + known(Self.functions))
        }
    }
}
