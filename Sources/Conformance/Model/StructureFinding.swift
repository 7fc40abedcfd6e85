/// Something in the structure of a model that is rarely meant: told with its place, not judged.
public struct StructureFinding: Sendable, Hashable {
    public enum Kind: String, Sendable, CaseIterable {
        /// A stretch that is F of other units, without a shortcut around it.
        case missingShortcut = "missing shortcut"
        /// An activation or a normalisation on a shortcut.
        case shortcutActivation = "activation on shortcut"
        /// Normalisation or activation twice in direct succession.
        case repeatedActivation = "repeated activation"
        /// No normalisation or activation where the units begin or end, and all others have one.
        case missingActivation = "missing activation"
        /// A unit that is unlike the others of its stage.
        case oddUnit = "odd unit"
        /// A value that enters a sum twice.
        case repeatedOperand = "repeated operand"
        /// Weights that several units multiply with.
        case sharedWeights = "shared weights"
        /// A filter that is the same for every channel, such as a blur: hardly a trained one.
        case fixedKernel = "fixed kernel"
    }

    public let kind: Kind
    /// The units that it is of, by l; none of the stem and the head.
    public let units: [Int]
    /// Where it is, as labels of the file's nodes have it.
    public let label: String
    /// Values and parameters that it is about, by the names that the file has for them.
    public let values: [String]
    public let sentence: String

    init(
        _ kind: Kind, units: [Int] = [], label: String, values: [String], _ sentence: String
    ) {
        self.kind = kind
        self.units = units
        self.label = label
        self.values = values
        self.sentence = sentence
    }
}
