/// What a file asks for and a measurement leaves out, as a sentence.
public enum ReadingRemark: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Dropout in training mode.
    case dropoutInTraining

    static func all(of node: FileNode) -> [ReadingRemark] {
        // The mode is an operand since opset 12, an attribute or nothing before.
        guard node.domain.isEmpty, node.type == "Dropout", node.inputs.count > 2, !node.inputs[2].isEmpty
        else {
            return []
        }
        return [.dropoutInTraining]
    }

    public var description: String {
        switch self {
        case .dropoutInTraining:
            "The file has Dropout in training mode; it is measured as the identity, as in inference."
        }
    }
}
