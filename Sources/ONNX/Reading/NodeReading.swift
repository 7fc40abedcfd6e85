import Graphs
import Operators
import Tensors

/// One node of a file on its way into a graph: what its operands are, and the operators that it becomes.
///
/// Whoever translates a kind of node sees types and shapes, and of operands that do not depend on the signal the numbers
/// too. It applies operators and says what the node's outputs are; which of the operators become nodes of the graph and
/// which are computed at once, because no signal comes to them, is no concern of its own.
struct NodeReading {
    /// An operand: an input of the node, what an operator made on the way, or numbers that the node itself says.
    struct Operand {
        enum Source: Hashable {
            case input(Int)
            case step(Int)
            case constant(Int)
        }

        let source: Source
        let shape: Shape
        let type: ElementType
        /// The whole numbers (0 and 1 of conditions), where they are known.
        let whole: WholeTensor?
        /// The real numbers, where they are known before the signal is.
        let reals: (@Sendable () throws -> [Double])?
    }

    /// An operator applied to operands.
    struct Step {
        let operation: any Operator
        let operands: [Operand]
        let shape: Shape
        let type: ElementType
    }

    /// Numbers that a node says of itself.
    struct Numbers {
        let numbers: Graph.Constant
        let shape: Shape
        let type: ElementType
    }

    let node: FileNode
    /// Of the node's set of operators.
    let version: Int
    /// By input; `nil` for one that is left out.
    let inputs: [Operand?]
    /// What a batch normalisation goes by where the user chooses; what the node says where it is `nil`.
    var normalization: BatchNorm.Statistics?
    private(set) var steps: [Step] = []
    private(set) var constants: [Numbers] = []

    init(_ node: FileNode, version: Int, inputs: [Operand?]) {
        self.node = node
        self.version = version
        self.inputs = inputs
    }

    /// Applies an operator.
    ///
    /// - Parameter type: of the result; that of the first operand where nothing is said.
    /// - Throws: `OperatorError` where the operands do not fit.
    mutating func apply(
        _ operation: any Operator, to operands: Operand..., type: ElementType? = nil
    ) throws -> Operand { try apply(operation, to: operands, type: type) }

    mutating func apply(
        _ operation: any Operator, to operands: [Operand], type: ElementType? = nil
    ) throws -> Operand {
        let step = Step(
            operation: operation, operands: operands,
            shape: try operation.shape(of: operands.map(\.shape)),
            type: type ?? operands.first?.type ?? .float32)
        steps.append(step)
        return Operand(
            source: .step(steps.count - 1), shape: step.shape, type: step.type, whole: nil, reals: nil)
    }

    /// Real numbers as an operand.
    mutating func constant(_ numbers: [Double], shape: Shape, type: ElementType = .float32) -> Operand {
        constants.append(Numbers(numbers: .real(numbers), shape: shape, type: type))
        return Operand(
            source: .constant(constants.count - 1), shape: shape, type: type, whole: nil,
            reals: { numbers })
    }

    /// Whole numbers, or conditions, as an operand.
    mutating func constant(whole: WholeTensor, type: ElementType = .int64) -> Operand {
        constants.append(Numbers(numbers: .whole(whole.elements), shape: whole.shape, type: type))
        return Operand(
            source: .constant(constants.count - 1), shape: whole.shape, type: type, whole: whole, reals: nil)
    }
}
