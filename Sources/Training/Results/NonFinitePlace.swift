/// Where numbers stopped to be finite.
public enum NonFinitePlace: Sendable, Codable, Equatable {
    /// x_0 is the first map that is not.
    case stem
    /// x_{l+1}, the output of unit l, is the first.
    case unit(Int)
    /// Every x_l is finite, and the loss is not.
    case head
    /// The loss was finite, and the step that followed left parameters that are not.
    case parameters

    /// The unit, if it is one's output.
    public var unit: Int? {
        if case .unit(let l) = self { l } else { nil }
    }

    /// What happened in an iteration, as the end of a sentence.
    ///
    /// - Parameter iteration: its number, as it is to be written.
    public func clause(iteration: String) -> String {
        switch self {
        case .stem: "the loss of iteration \(iteration) is not finite; nor is the output of the stem"
        case .unit(let l):
            "the loss of iteration \(iteration) is not finite; unit \(l) is the first whose output is not"
        case .head: "the loss of iteration \(iteration) is not finite; the output of every unit still is"
        case .parameters: "iteration \(iteration) left parameters that are not finite"
        }
    }
}
