/// An expression as a list of steps over registers, by which kernels compute it for a block of elements at a time.
///
/// What occurs twice is computed once. Registers 0, 1, … hold the inputs, the next ones the constants, and the others are
/// used again as soon as nobody needs what they hold.
public struct ExpressionProgram: Sendable, Equatable {
    public enum Action: Sendable, Hashable {
        case unary(Function)
        case binary(Expression.Operation)
        case compared(Relation)
        /// The second operand where the first is not 0, else the third.
        case choice
        /// The first operand, no less than the second and no more than the third.
        case clipped
    }

    public struct Step: Sendable, Equatable {
        public let action: Action
        /// Registers.
        public let operands: [Int]
        public let result: Int
    }

    public let inputCount: Int
    /// Of registers `inputCount`, …
    public let constants: [Double]
    public let steps: [Step]
    public let registerCount: Int
    /// The register that holds the result at the end.
    public let result: Int

    /// - Parameter inputs: what the inputs stand for; every symbol and learned number of the expression is one of them.
    public init(_ expression: Expression, inputs: [Expression]) {
        var numbering = Numbering(inputs: inputs)
        let last = numbering.value(of: expression)
        let fixed = inputs.count + numbering.constants.count
        // Values are numbered inputs first, then constants, then results, which find registers here.
        func isResult(_ value: Int) -> Bool { value >= fixed }
        let results = numbering.steps.map {
            (action: $0.action, operands: $0.operands.map { numbering.place($0) })
        }
        var lastUse = [Int](repeating: -1, count: results.count)
        for (index, step) in results.enumerated() {
            for operand in step.operands where isResult(operand) { lastUse[operand - fixed] = index }
        }
        var registers = [Int](repeating: 0, count: results.count)
        var (free, count) = ([Int](), fixed)
        func register(_ value: Int) -> Int { isResult(value) ? registers[value - fixed] : value }
        var steps: [Step] = []
        for (index, step) in results.enumerated() {
            let operands = step.operands.map(register)
            for operand in Set(step.operands) where isResult(operand) && lastUse[operand - fixed] == index {
                free.append(registers[operand - fixed])
            }
            if let again = free.popLast() {
                registers[index] = again
            } else {
                registers[index] = count
                count += 1
            }
            steps.append(Step(action: step.action, operands: operands, result: registers[index]))
        }
        inputCount = inputs.count
        constants = numbering.constants
        self.steps = steps
        registerCount = count
        result = register(numbering.place(last))
    }
}

/// Gives every different part of an expression a number: equal parts are computed once.
private struct Numbering {
    enum Value: Hashable {
        case input(Int)
        case constant(Int)
        case step(Int)
    }

    struct Key: Hashable {
        let action: ExpressionProgram.Action
        let operands: [Value]
    }

    let inputs: [Expression]
    var constants: [Double] = []
    var steps: [Key] = []
    private var known: [Key: Value] = [:]

    init(inputs: [Expression]) { self.inputs = inputs }

    /// Among inputs, constants and steps, in this order.
    func place(_ value: Value) -> Int {
        switch value {
        case .input(let index): index
        case .constant(let index): inputs.count + index
        case .step(let index): inputs.count + constants.count + index
        }
    }

    mutating func value(of expression: Expression) -> Value {
        switch expression {
        case .number(let number): return constant(number)
        case .symbol, .learned:
            guard let index = inputs.firstIndex(of: expression) else {
                preconditionFailure("\(expression) is no input")
            }
            return .input(index)
        case .unary(let function, let u): return step(.unary(function), [value(of: u)])
        // Small powers are products.
        case .binary(.power, let u, .number(2)):
            let u = value(of: u)
            return step(.binary(.times), [u, u])
        case .binary(.power, let u, .number(3)):
            let u = value(of: u)
            return step(.binary(.times), [step(.binary(.times), [u, u]), u])
        case .binary(let operation, let a, let b):
            return step(.binary(operation), [value(of: a), value(of: b)])
        case .compared(let a, let comparison, let b):
            return step(.compared(comparison), [value(of: a), value(of: b)])
        case .choice(let a, let b, let c): return step(.choice, [value(of: a), value(of: b), value(of: c)])
        case .clipped(let a, let b, let c): return step(.clipped, [value(of: a), value(of: b), value(of: c)])
        }
    }

    private mutating func constant(_ number: Double) -> Value {
        if let index = constants.firstIndex(where: { $0.bitPattern == number.bitPattern }) {
            return .constant(index)
        }
        constants.append(number)
        return .constant(constants.count - 1)
    }

    private mutating func step(_ action: ExpressionProgram.Action, _ operands: [Value]) -> Value {
        let key = Key(action: action, operands: operands)
        if let value = known[key] { return value }
        steps.append(key)
        known[key] = .step(steps.count - 1)
        return .step(steps.count - 1)
    }
}
