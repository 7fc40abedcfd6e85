/// A choice that implementations of residual networks make differently.
public enum Aspect: String, Sendable, CaseIterable {
    case architecture, width, block, unit, shortcut, functions, stride
    case sizeChange = "size_change"
    case sizeChangeInput = "size_change_input"
    case projectionNormalization = "projection_normalization"
    case firstUnit = "first_unit"
    case lastActivation = "last_activation"
    case weights, classifier

    /// What a table calls it.
    public var title: String {
        switch self {
        case .architecture: "architecture"
        case .width: "width of the first stage"
        case .block: "block"
        case .unit: "unit"
        case .shortcut: "shortcut"
        case .functions: "formulas in place of its functions"
        case .stride: "stride of a branch on"
        case .sizeChange: "change of size by"
        case .sizeChangeInput: "that shortcut reads"
        case .projectionNormalization: "projection followed by"
        case .firstUnit: "first unit reads"
        case .lastActivation: "after the last addition"
        case .weights: "weights start at"
        case .classifier: "classifier starts at"
        }
    }
}

/// What was chosen, aspect by aspect; one that does not arise is missing.
public typealias Choices = [Aspect: String]

/// The words for choices, one for each thing that can be chosen: what is worded alike is alike.
enum Wording {
    static let nothing = "nothing"
    static let projection = "1×1 projection"
    static let subsampling = "subsampling, zero channels"
    static let normalization = "BN"
    static let plain = "x_l"
    static let activated = "the activated x_l"
    static let activatedStem = "the stem, activated once"
    static let fanOut = "N(0, 2/fan-out)"
    static let normalClassifier = "N(0, 1/fan-in)"
    static let uniformClassifier = "U(±1/√fan-in)"

    static func stride(kernel: Int, isFirst: Bool) -> String {
        "the \(isFirst ? "first " : "")\(kernel)×\(kernel)"
    }
}
