import Tensors

/// Why a model's file gives no graph. Sentences name the file's own tensors and nodes.
public enum ModelReadingError: Error, CustomStringConvertible {
    /// Nobody translates it; `count` nodes of the model are of this kind.
    case unknownOperator(String, node: String, label: String, count: Int)
    /// A kind of node that is not read for a reason, which is a sentence.
    case refused(String, label: String)
    /// A node that its operator, or nobody here, can compute.
    case node(label: String, operation: String, any Error)
    case functionTooDeep(String, file: String)
    case tooManyNodes(file: String, most: Int)
    case madeTwice(String, file: String)
    case cycle(label: String, file: String)
    /// Neither an input, nor an initialiser, nor made by a node.
    case noValue(String, label: String)
    case noOutput(String, outputs: [String])
    case noOutputs(file: String)
    /// An output that no tensor of real numbers is.
    case outputNotReal(String)
    /// A second output of a node, such as the places of maxima, that is not computed here.
    case unsupportedOutput(String, operation: String, label: String)
    /// An input of text, complex numbers and the like.
    case inputType(String, ElementType)
    /// Whole numbers where an operator takes real ones.
    case wholeOperands([(name: String, type: ElementType)], operation: String, label: String)
    case noArray(String, arrays: [String])
    case arrayShape(String, found: Shape, wanted: String)
    case arrayKind(String, wantsWhole: Bool)
    /// One name for two extents.
    case symbol(String, Int, Int, input: String)
    /// Numbers that do not fit into memory.
    case tooLarge(label: String, shape: Shape)
    case sequence(String, label: String, reason: String)

    public var description: String {
        switch self {
        case .unknownOperator(let operation, let node, let label, let count):
            "operator \(operation) (node \(node.isEmpty ? "without name" : node), \(label)) is not supported; "
                + (count == 1 ? "1 node uses it" : "\(count) nodes use it")
        case .refused(let reason, let label): "\(reason) (at \(label))"
        case .node(let label, let operation, let error): "\(label) (\(operation)): \(error)"
        case .functionTooDeep(let name, let file): "the function \(name) of \(file) calls itself"
        case .tooManyNodes(let file, let most):
            "\(file) has more than \(most) nodes when its functions are written out"
        case .madeTwice(let name, let file): "two nodes of \(file) make the value \(name)"
        case .cycle(let label, let file): "in \(file) a value at \(label) depends on itself"
        case .noValue(let name, let label):
            "\(label) reads the value \(name), which the file does not have"
        case .noOutput(let name, let outputs):
            "the model has no value named \(name) to take as its output; its outputs are "
                + outputs.joined(separator: ", ")
        case .noOutputs(let file): "\(file) has no output"
        case .outputNotReal(let name):
            "the output \(name) is no tensor of real numbers, so that it has no gradient; choose another with --output"
        case .unsupportedOutput(let name, let operation, let label):
            "\(label) reads \(name), an output of \(operation) that is not supported"
        case .inputType(let name, let type):
            "the input \(name) is of type \(type), which is not supported: \(ElementType.supported)"
        case .wholeOperands(let operands, let operation, let label):
            "\(label) (\(operation)): it takes real numbers, and "
                + operands.map { "\($0.name) is of type \($0.type)" }.joined(separator: ", ")
        case .noArray(let name, let arrays):
            "the batch has no array \(name)"
                + (arrays.isEmpty ? "" : "; it has \(arrays.sorted().joined(separator: ", "))")
        case .arrayShape(let name, let found, let wanted):
            "the batch's array \(name) has shape \(found), the file wants \(wanted)"
        case .arrayKind(let name, let wantsWhole):
            wantsWhole
                ? "the input \(name) takes whole numbers, such as token ids, and the batch's array holds real ones"
                : "the input \(name) takes real numbers, and the batch's array holds whole ones"
        case .symbol(let name, let first, let second, let input):
            "the extent \(name) is \(first) elsewhere and \(second) in the batch's array \(input)"
        case .tooLarge(let label, let shape):
            "\(label) would make a constant of shape \(shape), which does not fit into memory"
        case .sequence(let operation, let label, let reason): "\(label) (\(operation)): \(reason)"
        }
    }
}
