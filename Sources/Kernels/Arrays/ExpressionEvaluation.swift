import Expressions
import Tensors

extension KernelSet {
    /// What a program makes of the elements of its inputs. An input of exactly one element stands for that number
    /// everywhere; the others are of one shape, which is the result's. Where all have one element, it is the first's.
    @specialized(where Self == OneDNNKernels)
    @specialized(where Self == ReferenceKernels)
    public func evaluate(_ program: ExpressionProgram, on inputs: [Tensor<Scalar>]) -> Tensor<Scalar> {
        precondition(inputs.count == program.inputCount && !inputs.isEmpty, "\(inputs.count) inputs")
        let full = inputs.filter { $0.shape.count != 1 }
        let shape = (full.first ?? inputs[0]).shape
        precondition(full.allSatisfy { $0.shape == shape }, "inputs of different shapes")
        let block = full.map(\.block).max() ?? inputs[0].block
        let inputs = inputs.map { $0.shape.count == 1 ? $0 : $0.reblocked(to: block) }
        var result = Tensor<Scalar>(uninitialized: shape, block: block)
        result.withUnsafeMutableBufferPointer { target in
            let target = Unchecked(target)
            let sources = Unchecked(inputs.map { Source<Scalar>($0) })
            withExtendedLifetime(inputs) {
                forEachRange(of: target.value.count) { range in
                    Evaluation(self, program, sources.value, target.value).run(range)
                }
            }
        }
        if result.isPadded { result.clearPadding() }
        return result
    }
}

extension KernelSet {
    /// The same, in the memory of the last input where nobody else holds it.
    @specialized(where Self == OneDNNKernels)
    @specialized(where Self == ReferenceKernels)
    public func evaluate(
        _ program: ExpressionProgram, on inputs: [Tensor<Scalar>], replacing last: consuming Tensor<Scalar>
    ) -> Tensor<Scalar> {
        let full = inputs.filter { $0.shape.count != 1 }
        let (shape, block) = (last.shape, (full.map(\.block) + [last.block]).max() ?? 1)
        guard shape.count != 1, full.allSatisfy({ $0.shape == shape }), block == last.block,
            last.isUniquelyReferenced()
        else { return evaluate(program, on: inputs + [last]) }
        precondition(inputs.count + 1 == program.inputCount, "\(inputs.count + 1) inputs")
        let inputs = inputs.map { $0.shape.count == 1 ? $0 : $0.reblocked(to: block) }
        last.withUnsafeMutableBufferPointer { target in
            let target = Unchecked(target)
            // Each step reads an element before it writes it, and only the last one writes here.
            let sources = Unchecked(
                inputs.map { Source<Scalar>($0) } + [.elements(UnsafeBufferPointer(target.value))])
            withExtendedLifetime(inputs) {
                forEachRange(of: target.value.count) { range in
                    Evaluation(self, program, sources.value, target.value).run(range)
                }
            }
        }
        if last.isPadded { last.clearPadding() }
        return last
    }
}

/// Registers that a step of a program reads; where its action has fewer operands, the others are the first again.
public struct StepOperands<Scalar> {
    public let first: UnsafePointer<Scalar>
    public let second: UnsafePointer<Scalar>
    public let third: UnsafePointer<Scalar>
}

private enum Source<Scalar: TensorScalar> {
    case elements(UnsafeBufferPointer<Scalar>)
    /// Of every element.
    case number(Scalar)

    init(_ tensor: Tensor<Scalar>) {
        self = tensor.withUnsafeBufferPointer { elements -> Source<Scalar> in
            tensor.shape.count == 1 ? .number(elements[0]) : .elements(elements)
        }
    }
}

/// A program at work on a range of elements, some hundred at a time, so that registers stay in the first-level cache.
private struct Evaluation<Kernels: KernelSet> {
    typealias Scalar = Kernels.Scalar

    private let kernels: Kernels
    private let program: ExpressionProgram
    private let inputs: [Source<Scalar>]
    private let target: UnsafeMutableBufferPointer<Scalar>
    private static var width: Int { 512 }

    init(
        _ kernels: Kernels, _ program: ExpressionProgram, _ inputs: [Source<Scalar>],
        _ target: UnsafeMutableBufferPointer<Scalar>
    ) { (self.kernels, self.program, self.inputs, self.target) = (kernels, program, inputs, target) }

    @inline(__always)
    func run(_ range: Range<Int>) {
        let width = min(Self.width, range.count)
        withUnsafeTemporaryAllocation(of: Scalar.self, capacity: program.registerCount * width) { scratch in
            guard let base = scratch.baseAddress, let goal = target.baseAddress else { return }
            for (index, input) in inputs.enumerated() {
                if case .number(let number) = input {
                    (base + index * width).initialize(repeating: number, count: width)
                }
            }
            for (index, constant) in program.constants.enumerated() {
                (base + (inputs.count + index) * width).initialize(
                    repeating: Scalar(constant), count: width)
            }
            var start = range.lowerBound
            while start < range.upperBound {
                let count = min(width, range.upperBound - start)
                func register(_ index: Int) -> UnsafePointer<Scalar> {
                    if index < inputs.count, case .elements(let elements) = inputs[index],
                        let input = elements.baseAddress
                    {
                        return input + start
                    }
                    return UnsafePointer(base + index * width)
                }
                for (index, step) in program.steps.enumerated() {
                    let isLast = index == program.steps.count - 1 && step.result == program.result
                    let operands = step.operands
                    let first = register(operands[0])
                    kernels.take(
                        step.action,
                        StepOperands(
                            first: first, second: operands.count > 1 ? register(operands[1]) : first,
                            third: operands.count > 2 ? register(operands[2]) : first), count: count,
                        into: isLast ? goal + start : base + step.result * width)
                }
                if program.steps.last?.result != program.result {
                    (goal + start).update(from: register(program.result), count: count)
                }
                start += count
            }
        }
    }
}
