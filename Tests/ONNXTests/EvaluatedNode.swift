import Graphs
import Operators
import Tensors

@testable import ONNX

/// A node read by the catalogue, and the operators that it became computed one after another.
struct EvaluatedNode {
    struct Input {
        var value: Value<Double>
        var type: ElementType
    }

    struct StepMismatch: Error, CustomStringConvertible { let description: String }

    let reading: NodeReading
    let outputs: [Input?]

    /// - Parameter known: slots of inputs whose numbers are known.
    init(
        _ node: FileNode, version: Int, inputs: [Input?], known: Set<Int> = [],
        normalization: BatchNorm.Statistics? = nil
    ) throws {
        var reading = NodeReading(
            node, version: version,
            inputs: inputs.enumerated().map { slot, input in
                input.map { Self.operand($0, slot, isKnown: known.contains(slot)) }
            })
        reading.normalization = normalization
        let results = try OperatorCatalogue.translate(&reading)
        var made: [Input] = []
        func value(_ operand: NodeReading.Operand) throws -> Input {
            switch operand.source {
            case .input(let slot):
                guard let input = inputs[slot] else { throw StepMismatch(description: "no input \(slot)") }
                return input
            case .step(let step): return made[step]
            case .constant(let index): return Self.value(reading.constants[index])
            }
        }
        for step in reading.steps {
            let value = try step.operation.value(of: try step.operands.map { try value($0).value }).value
            let isReal = if case .real = value { true } else { false }
            guard value.shape == step.shape, isReal == (step.type.kind == .real) else {
                throw StepMismatch(
                    description: "\(step.operation.name) says \(step.shape), \(step.type), and makes \(value)"
                )
            }
            made.append(Input(value: value, type: step.type))
        }
        self.reading = reading
        outputs = try results.map { try $0.map(value) }
    }

    private static func operand(_ input: Input, _ slot: Int, isKnown: Bool) -> NodeReading.Operand {
        let shape = input.value.shape
        func operand(whole: WholeTensor?, reals: [Double]?) -> NodeReading.Operand {
            NodeReading.Operand(
                source: .input(slot), shape: shape, type: input.type, whole: whole,
                reals: reals.map { numbers in { @Sendable in numbers } })
        }
        switch input.value {
        case .whole(let whole): return operand(whole: isKnown ? whole : nil, reals: nil)
        case .real(let scaled, _):
            return operand(whole: nil, reals: isKnown ? scaled.plain.elements : nil)
        }
    }

    private static func value(_ constant: NodeReading.Numbers) -> Input {
        switch constant.numbers {
        case .real(let numbers):
            Input(value: Value(Tensor(numbers, shape: constant.shape)), type: constant.type)
        case .whole(let numbers):
            Input(value: .whole(WholeTensor(numbers, shape: constant.shape)), type: constant.type)
        }
    }
}

extension EvaluatedNode.Input {
    /// Zeros.
    static func real(_ axes: Int...) -> Self {
        Self(value: Value(Tensor(zeros: Shape(axes: axes))), type: .float32)
    }

    static func whole(_ elements: [Int], _ axes: [Int]? = nil) -> Self {
        let shape = Shape(axes: axes ?? [elements.count])
        return Self(value: .whole(WholeTensor(elements, shape: shape)), type: .int64)
    }

    /// The numbers, whatever they are.
    var doubles: [Double] {
        switch value {
        case .real(let scaled, _): scaled.plain.elements
        case .whole(let whole): whole.elements.map(Double.init)
        }
    }
}
