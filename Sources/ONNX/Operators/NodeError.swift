/// Why a node is not read, in one sentence. Where it stands, and how many are like it, whoever reads the graph adds.
enum NodeError: Error, Equatable, CustomStringConvertible {
    /// Nobody translates the operator.
    case unknown(OperatorName)
    /// A set of operators that is older than those which are read.
    case version(Int, least: Int)
    /// What is computed depends on numbers that are known only then.
    case branches(operation: String)
    case random(operation: String)
    case quantized(operation: String)
    /// An attribute, or an operand that says the same, with a value that nothing here computes.
    case attribute(String, value: String, operation: String, node: String)
    /// An operand that says what is to be computed, and is not known before the signal is.
    case notConstant(String, value: String, operation: String, node: String)
    /// A node that departs from the definition of its operator.
    case malformed(operation: String, node: String, reason: String)

    var description: String {
        switch self {
        case .unknown(let name): "operator \(name) is not supported"
        case .version(let version, let least):
            "version \(version) of ONNX's operators is not supported; versions from \(least) on are"
        case .branches(let operation):
            "the graph branches or loops at run time (\(operation)); export it unrolled"
        case .random(let operation): "\(operation) draws random numbers; export model.eval()"
        case .quantized(let operation): "the file is quantised (\(operation)); export the float network"
        case .attribute(let attribute, let value, let operation, let node):
            "\(operation) with \(attribute) = \(value) is not supported (\(node))"
        case .notConstant(let operand, let value, let operation, let node):
            "the operand \(operand) of \(operation) (\(node)), \(value), depends on the signal or on an input; it has to be constant"
        case .malformed(let operation, let node, let reason): "\(operation) (\(node)) \(reason)"
        }
    }
}

// Errors of a node, which name it.
extension NodeReading {
    func unsupported(_ attribute: String, _ value: Any) -> NodeError {
        .attribute(attribute, value: "\(value)", operation: node.type, node: node.title)
    }

    func unsupported(_ attribute: String, _ value: Attribute) -> NodeError {
        let words =
            switch value {
            case .float(let number): "\(number)"
            case .int(let number): "\(number)"
            case .string(let text): text
            case .floats(let numbers): "\(numbers)"
            case .ints(let numbers): "\(numbers)"
            case .strings(let texts): "\(texts)"
            case .tensor(let tensor): "a tensor of shape \(tensor.shape)"
            case .graph, .reference, .other: "no number"
            }
        return unsupported(attribute, words)
    }

    func malformed(_ reason: String) -> NodeError {
        .malformed(operation: node.type, node: node.title, reason: reason)
    }
}
