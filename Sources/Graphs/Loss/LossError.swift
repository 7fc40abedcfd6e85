import Tensors

/// Why there is no loss at an output.
public enum LossError: Error, Equatable, CustomStringConvertible {
    case labelOutOfRange(label: Int, classes: Int)
    /// - Parameter expected: the shapes that fit, that of classes along the last axis first.
    case labelShape(labels: Shape, logits: Shape, expected: [Shape])
    /// An output of one number.
    case noAxisOfClasses
    /// Nothing to take the mean over.
    case everyLabelIgnored(count: Int)
    case classesOfRandomLabels(Int)

    public var description: String {
        switch self {
        case .labelOutOfRange(let label, let classes) where classes < 1:
            "The batch holds the label \(label), but the network has no classes."
        case .labelOutOfRange(let label, let classes):
            "The batch holds the label \(label), but the network has only \(classes) classes (0 … \(classes - 1))."
        case .labelShape(let labels, let logits, let expected):
            "Labels of shape \(labels) do not fit logits of shape \(logits); expected "
                + expected.map(\.description).joined(separator: ", or with classes along axis 1 ") + "."
        case .noAxisOfClasses:
            "The output is a single number and has no axis of classes; another loss than cross-entropy may fit."
        case .everyLabelIgnored(count: 0):
            "The batch has no labels, so there is nothing to take the loss of."
        case .everyLabelIgnored(let count):
            "All \(count) labels of the batch are \(Labels.ignored), which are left out, "
                + "so there is nothing to take the loss of."
        case .classesOfRandomLabels(let classes):
            "Labels cannot be drawn from \(classes) classes."
        }
    }
}
