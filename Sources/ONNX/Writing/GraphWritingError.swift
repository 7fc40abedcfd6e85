/// Why a graph is not written to an ONNX file, in one sentence.
public enum GraphWritingError: Error, Equatable, CustomStringConvertible {
    /// Neither an operator of ONNX says the same, nor several together.
    case noForm(operation: String, label: String)

    public var description: String {
        switch self {
        case .noForm(let operation, let label):
            "\(label) cannot be written to an ONNX file: ONNX has no form of its operator \(operation)."
        }
    }
}
