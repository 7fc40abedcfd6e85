import Expressions
import Tensors

extension KernelSet {
    /// What a program makes of the elements of its inputs, which are of one shape.
    ///
    /// Sums, products and comparisons are taken in the tensors' precision, functions in double precision and rounded.
    @specialized(where Self == OneDNNKernels)
    @specialized(where Self == ReferenceKernels)
    public func evaluate(_ program: ExpressionProgram, on inputs: [Tensor<Scalar>]) -> Tensor<Scalar> {
        let block = inputs.map(\.block).max() ?? 1
        let inputs = inputs.map { $0.reblocked(to: block) }
        precondition(inputs.count == program.inputCount && !inputs.isEmpty, "\(inputs.count) inputs")
        precondition(inputs.allSatisfy { $0.shape == inputs[0].shape }, "inputs of different shapes")
        var result = Tensor<Scalar>(uninitialized: inputs[0].shape, block: block)
        result.withUnsafeMutableBufferPointer { target in
            let target = Unchecked(target)
            let sources = Unchecked(inputs.map { $0.withUnsafeBufferPointer { $0 } })
            withExtendedLifetime(inputs) {
                forEachRange(of: target.value.count) { range in
                    Evaluation(program, sources.value, target.value).run(range)
                }
            }
        }
        if result.isPadded { result.clearPadding() }
        return result
    }
}

/// A program at work on a range of elements, some hundred at a time, so that registers stay in the first-level cache.
private struct Evaluation<Scalar: TensorScalar> {
    private let program: ExpressionProgram
    private let inputs: [UnsafeBufferPointer<Scalar>]
    private let target: UnsafeMutableBufferPointer<Scalar>
    private static var width: Int { 512 }

    init(
        _ program: ExpressionProgram, _ inputs: [UnsafeBufferPointer<Scalar>],
        _ target: UnsafeMutableBufferPointer<Scalar>
    ) { (self.program, self.inputs, self.target) = (program, inputs, target) }

    @inline(__always)
    func run(_ range: Range<Int>) {
        let own = program.registerCount - program.inputCount
        withUnsafeTemporaryAllocation(of: Scalar.self, capacity: max(1, own) * Self.width) { scratch in
            guard let base = scratch.baseAddress, let goal = target.baseAddress else { return }
            for (index, constant) in program.constants.enumerated() {
                (base + index * Self.width).initialize(repeating: Scalar(constant), count: Self.width)
            }
            var start = range.lowerBound
            while start < range.upperBound {
                let count = min(Self.width, range.upperBound - start)
                func register(_ index: Int) -> UnsafePointer<Scalar> {
                    guard index < program.inputCount else {
                        return UnsafePointer(base + (index - program.inputCount) * Self.width)
                    }
                    guard let input = inputs[index].baseAddress else { return UnsafePointer(base) }
                    return input + start
                }
                let result = goal + start
                for (index, step) in program.steps.enumerated() {
                    let isLast = index == program.steps.count - 1 && step.result == program.result
                    Self.take(
                        step.action, step.operands.map(register), count,
                        into: isLast ? result : base + (step.result - program.inputCount) * Self.width)
                }
                if program.steps.last?.result != program.result {
                    result.update(from: register(program.result), count: count)
                }
                start += count
            }
        }
    }

    @inline(__always)
    private static func each(
        _ count: Int, _ result: UnsafeMutablePointer<Scalar>, _ value: (Int) -> Scalar
    ) { for index in 0..<count { result[index] = value(index) } }

    @inline(__always)
    private static func take(
        _ action: ExpressionProgram.Action, _ operands: [UnsafePointer<Scalar>], _ count: Int,
        into result: UnsafeMutablePointer<Scalar>
    ) {
        let a = operands[0]
        switch action {
        case .unary(let function): apply(function, a, count, into: result)
        case .binary(let operation): combine(operation, a, operands[1], count, into: result)
        case .compared(let comparison): compare(comparison, a, operands[1], count, into: result)
        case .choice:
            let (b, c) = (operands[1], operands[2])
            each(count, result) { a[$0] != 0 ? b[$0] : c[$0] }
        case .clipped:
            let (b, c) = (operands[1], operands[2])
            each(count, result) {
                let raised = a[$0] < b[$0] ? b[$0] : a[$0]
                return raised > c[$0] ? c[$0] : raised
            }
        }
    }

    @inline(__always)
    private static func apply(
        _ function: Function, _ a: UnsafePointer<Scalar>, _ count: Int,
        into result: UnsafeMutablePointer<Scalar>
    ) {
        switch function {
        case .relu: each(count, result) { a[$0] <= 0 ? 0 : a[$0] }
        case .abs: each(count, result) { abs(a[$0]) }
        case .step: each(count, result) { a[$0] > 0 ? 1 : a[$0] < 0 ? 0 : a[$0] + 0.5 }
        case .sign: each(count, result) { a[$0] > 0 ? 1 : a[$0] < 0 ? -1 : a[$0] }
        case .sqrt: each(count, result) { a[$0].squareRoot() }
        default: each(count, result) { Scalar(function.value(at: Double(a[$0]))) }
        }
    }

    @inline(__always)
    private static func combine(
        _ operation: Expression.Operation, _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>,
        _ count: Int, into result: UnsafeMutablePointer<Scalar>
    ) {
        switch operation {
        case .plus: each(count, result) { a[$0] + b[$0] }
        case .minus: each(count, result) { a[$0] - b[$0] }
        case .times: each(count, result) { a[$0] == 0 || b[$0] == 0 ? 0 : a[$0] * b[$0] }
        case .over: each(count, result) { a[$0] / b[$0] }
        // A NaN of either operand stays one.
        case .min: each(count, result) { a[$0] < b[$0] ? a[$0] : b[$0] <= a[$0] ? b[$0] : a[$0] + b[$0] }
        case .max: each(count, result) { a[$0] > b[$0] ? a[$0] : b[$0] >= a[$0] ? b[$0] : a[$0] + b[$0] }
        case .leakyRelu: each(count, result) { a[$0] > 0 ? a[$0] : b[$0] * a[$0] }
        case .power: each(count, result) { Scalar(operation.value(Double(a[$0]), Double(b[$0]))) }
        }
    }

    @inline(__always)
    private static func compare(
        _ comparison: Relation, _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, _ count: Int,
        into result: UnsafeMutablePointer<Scalar>
    ) {
        switch comparison {
        case .less: each(count, result) { a[$0] < b[$0] ? 1 : 0 }
        case .atMost: each(count, result) { a[$0] <= b[$0] ? 1 : 0 }
        case .greater: each(count, result) { a[$0] > b[$0] ? 1 : 0 }
        case .atLeast: each(count, result) { a[$0] >= b[$0] ? 1 : 0 }
        case .equal: each(count, result) { a[$0] == b[$0] ? 1 : 0 }
        case .unequal: each(count, result) { a[$0] != b[$0] ? 1 : 0 }
        }
    }
}
