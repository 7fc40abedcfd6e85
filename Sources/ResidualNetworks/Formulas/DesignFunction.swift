import Expressions

/// A function of a network that a formula gives it, as reports show it.
public struct DesignFunction: Sendable, Codable, Equatable {
    /// What it stands for: `h(x)`, `f(x)`, `φ(x)` of the activation, `β` and `p` of the branch.
    public let name: String
    /// In normal form.
    public let formula: String
    /// By x, in normal form; `nil` for a number of each unit.
    public let derivative: String?
    /// What its learned numbers start from, by name with @.
    public let starts: [String: String]

    public init(name: String, formula: String, derivative: String? = nil, starts: [String: String] = [:]) {
        self.name = name
        self.formula = formula
        self.derivative = derivative
        self.starts = starts
    }

    init(_ name: String, _ formula: UnitFormula) {
        self.init(
            name: name, formula: formula.description, derivative: formula.expression.derivative().description,
            starts: Self.starts([formula]))
    }

    init(_ name: String, _ schedule: DepthSchedule) {
        self.init(
            name: name, formula: schedule.description, starts: Self.starts(schedule.entries))
    }

    private static func starts(_ formulas: [UnitFormula]) -> [String: String] {
        formulas.reduce(into: [:]) { starts, formula in
            for (name, start) in formula.initials { starts["@" + name] = start.description }
        }
    }

    /// Such as `h(x) = @a*x`, `h′(x) = @a`, `@a from 1`.
    public var equations: [String] {
        let slope = name.replacing("(", with: "′(")
        return ["\(name) = \(formula)"] + (derivative.map { ["\(slope) = \($0)"] } ?? [])
            + starts.sorted { $0.key < $1.key }.map { "\($0.key) from \($0.value)" }
    }
}

extension NetworkDesign {
    /// Those that formulas give it.
    public var functions: [DesignFunction] {
        var found: [DesignFunction] = []
        if let h = shortcut as? ExpressionShortcut { found.append(DesignFunction("h(x)", h.formula)) }
        if let scale = branchModulation.scale { found.append(DesignFunction("β", scale)) }
        if let dropPath = branchModulation.dropPath { found.append(DesignFunction("p", dropPath)) }
        if let own = activation as? FormulaActivation { found.append(DesignFunction("φ(x)", own.formula)) }
        if let f = after?.activation as? FormulaActivation {
            found.append(DesignFunction("f(x)", f.formula))
        } else if let after {
            found.append(DesignFunction(name: "f(x)", formula: after.order.isEmpty ? "x" : "relu(x)"))
        }
        return found
    }
}
