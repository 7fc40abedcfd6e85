import ArgumentParser
import Expressions
import ResidualNetworks

/// The options that put formulas in place of a network's functions, and that give their names numbers.
struct FormulaOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Activation, but for f: relu, gelu, silu, tanh, leaky_relu, …, or a formula, as in 'expr: max(x, 0.1*x)'.",
            valueName: "word"))
    var activation = ReluActivation().name

    @Option(
        help: ArgumentHelp(
            "f in place of the unit's own: identity, a word of --activation, or a formula.", valueName: "word"
        ))
    var after: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Factor of the branch: a number, a list that repeats, or a formula, as in '1/sqrt(L)' or '@a[n]'.",
            valueName: "formula"))
    var branchScale = "1"

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Probability that a sample's branch is dropped (stochastic depth), as in '0.2*t'.",
            valueName: "formula"))
    var dropPath = "0"

    @Option(
        name: .customLong("let"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A number under a name that formulas use, as in a=0.3.", valueName: "name=number"))
    var parameters: [String] = []

    @Option(
        name: .customLong("init"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "What a learned number @a of formulas starts from, as in a=1 or 'a=1/sqrt(L)'.",
            valueName: "name=formula"))
    var initials: [String] = []

    /// Whether one of them changes anything.
    var isSaid: Bool {
        !said.isEmpty
    }

    /// The words of those that change something, with numbers of names as they were given.
    var said: [String] {
        [
            activation == ReluActivation().name ? nil : activation, after,
            branchScale == "1" ? nil : branchScale, dropPath == "0" ? nil : dropPath,
        ].compactMap(\.self) + parameters + initials
    }

    /// Options that give names numbers.
    static let assigning = ["let", "init"]

    /// What reads formulas, with the user's names.
    ///
    /// - Throws: `AssignmentError`, `SyntaxError`.
    var reader: ExpressionReader {
        get throws {
            var numbers: [String: Double] = [:]
            for (name, text) in try Assignment.all(in: parameters, of: "let") {
                let reader = ExpressionReader(symbols: [], parameters: numbers, allowsLearned: false)
                guard let value = try reader.expression(text).value(), value.isFinite else {
                    throw AssignmentError.noNumber(option: "let", name: name, text: text)
                }
                numbers[name] = value
            }
            let places = ExpressionReader(parameters: numbers).ofPositions
            var starts: [String: Expression] = [:]
            for (name, text) in try Assignment.all(in: initials, of: "init") {
                starts[name] = try places.expression(text).simplified
            }
            return ExpressionReader(parameters: numbers, initials: starts)
        }
    }

    /// Puts what the options say into a design.
    ///
    /// - Throws: `AssignmentError`, `SyntaxError`, `VocabularyError`, and `NetworkError.impossibleFormula` where a formula has
    ///   no value at a unit.
    func apply(to design: inout NetworkDesign) throws {
        let reader = try reader
        design.activation = try FunctionVocabulary.activation(for: activation, reader: reader)
        if let after {
            let function = try FunctionVocabulary.afterAddition(for: after, reader: reader)
            design.after = function.name == design.layout.after.name ? nil : function
        }
        let scale = try FunctionVocabulary.schedule(branchScale, reader: reader.ofUnits)
        if scale.constant != 1 { design.branchModulation.scale = scale }
        let dropPath = try FunctionVocabulary.schedule(self.dropPath, reader: reader.ofPositions)
        if dropPath.constant != 0 { design.branchModulation.dropPath = dropPath }
        try design.requireFormulas()
    }
}

extension NetworkDesign {
    /// The words of the options that put formulas into it, and the numbers of names as they were given.
    func words(_ options: FormulaOptions) -> [String: String] {
        var words = [
            "activation": activation.name,
            "branch-scale": branchModulation.scale?.description ?? "1",
            "drop-path": branchModulation.dropPath?.description ?? "0",
        ]
        words["after"] = after?.name
        if !options.parameters.isEmpty { words["let"] = options.parameters.joined(separator: ", ") }
        if !options.initials.isEmpty { words["init"] = options.initials.joined(separator: ", ") }
        return words
    }
}
