import Expressions

extension ReferenceKernels {
    public func take(
        _ action: ExpressionProgram.Action, _ operands: StepOperands<Double>, count: Int,
        into result: UnsafeMutablePointer<Double>
    ) {
        let (a, b, c) = (operands.first, operands.second, operands.third)
        func each(_ value: (Int) -> Double) { for index in 0..<count { result[index] = value(index) } }
        switch action {
        case .unary(let function): each { function.value(at: a[$0]) }
        // As `Operation.value`, in loops that the compiler sees through.
        case .binary(.plus): each { a[$0] + b[$0] }
        case .binary(.minus): each { a[$0] - b[$0] }
        case .binary(.times): each { a[$0] == 0 || b[$0] == 0 ? 0 : a[$0] * b[$0] }
        case .binary(.over): each { a[$0] / b[$0] }
        case .binary(let operation): each { operation.value(a[$0], b[$0]) }
        case .compared(let relation): each { relation.holds(a[$0], b[$0]) ? 1 : 0 }
        case .choice: each { a[$0] != 0 ? b[$0] : c[$0] }
        case .clipped:
            // In this order a NaN stays one.
            each {
                let raised = a[$0] < b[$0] ? b[$0] : a[$0]
                return raised > c[$0] ? c[$0] : raised
            }
        }
    }
}
