import Expressions
import Operators

// Formulas as nodes: every function of the vocabulary has an operator of ONNX or is put together from some. What occurs
// twice is computed once.
extension NodeWriter {
    /// A part of a formula.
    private enum Part {
        case number(String)
        /// True or false: of a comparison, which a formula may count with as 1 or 0.
        case condition(String)
    }

    /// Writes a formula of its operands.
    mutating func formula(_ formula: ExpressionOperator, _ operands: [String]) -> String {
        let program = formula.valueProgram
        var registers = operands.map(Part.number)
        registers += program.constants.map { .number(number($0)) }
        let constants = operands.count..<registers.count
        registers += Array(repeating: .number(""), count: program.registerCount - registers.count)
        for step in program.steps {
            let parts = step.operands.map { registers[$0] }
            let hasFixedBounds = step.operands.dropFirst().allSatisfy(constants.contains)
            registers[step.result] = part(step.action, parts, hasFixedBounds: hasFixedBounds)
        }
        return number(registers[program.result])
    }

    private mutating func part(
        _ action: ExpressionProgram.Action, _ parts: [Part], hasFixedBounds: Bool
    ) -> Part {
        switch action {
        case .compared(let relation): return .condition(compared(parts.map { number($0) }, relation))
        case .choice:
            let condition = condition(parts[0])
            return .number(node("Where", [condition] + parts.dropFirst().map { number($0) }))
        case .unary(let function): return .number(applied(function, to: number(parts[0])))
        case .binary(let operation): return .number(combined(parts.map { number($0) }, by: operation))
        case .clipped:
            let values = parts.map { number($0) }
            return .number(hasFixedBounds ? node("Clip", values) : clipped(values))
        }
    }

    private mutating func number(_ part: Part) -> String {
        switch part {
        case .number(let name): name
        case .condition(let name): node("Cast", [name], ["to": .int(numbers.rawValue)])
        }
    }

    private mutating func condition(_ part: Part) -> String {
        switch part {
        case .number(let name): node("Cast", [name], ["to": .int(ElementType.bool.rawValue)])
        case .condition(let name): name
        }
    }

    private mutating func applied(_ function: Function, to u: String) -> String {
        switch function {
        case .exp: node("Exp", [u])
        case .log: node("Log", [u])
        case .sqrt: node("Sqrt", [u])
        case .sin: node("Sin", [u])
        case .cos: node("Cos", [u])
        case .tanh: node("Tanh", [u])
        case .sigmoid: node("Sigmoid", [u])
        case .erf: node("Erf", [u])
        case .softplus: node("Softplus", [u])
        case .relu: node("Relu", [u])
        case .gelu: node("Gelu", [u])
        case .silu: node("Mul", [u, node("Sigmoid", [u])])
        case .abs: node("Abs", [u])
        case .sign: node("Sign", [u])
        // ½ at 0.
        case .step: node("Mul", [number(0.5), node("Add", [node("Sign", [u]), number(1)])])
        }
    }

    private mutating func combined(_ parts: [String], by operation: Expression.Operation) -> String {
        switch operation {
        case .plus: node("Add", parts)
        case .minus: node("Sub", parts)
        case .times: node("Mul", parts)
        case .over: node("Div", parts)
        case .power: node("Pow", parts)
        case .min: node("Min", parts)
        case .max: node("Max", parts)
        // Not `PRelu`, which stretches no x, nor `LeakyRelu`, whose slope is of single precision.
        case .leakyRelu:
            node(
                "Where",
                [node("Greater", [parts[0], number(0)]), parts[0], node("Mul", [parts[1], parts[0]])])
        }
    }

    private mutating func compared(_ parts: [String], _ relation: Relation) -> String {
        switch relation {
        case .less: node("Less", parts)
        case .atMost: node("LessOrEqual", parts)
        case .greater: node("Greater", parts)
        case .atLeast: node("GreaterOrEqual", parts)
        case .equal: node("Equal", parts)
        case .unequal: node("Not", [node("Equal", parts)])
        }
    }

    /// Between bounds that are no numbers, the upper one the last to be applied. At a bound the slope is x's, where `Min`
    /// and `Max` would divide it.
    private mutating func clipped(_ parts: [String]) -> String {
        let (u, lowest, highest) = (parts[0], parts[1], parts[2])
        let isAbove = node("Greater", [node("Max", [u, lowest]), highest])
        let raised = node("Where", [node("Less", [u, lowest]), lowest, u])
        return node("Where", [isAbove, highest, raised])
    }
}
