import Foundation

extension DerivativeFinding {
    /// What was found, and what to do about it.
    public var sentence: String {
        switch verdict {
        case .agrees: "\(subject) agrees with differences of the value\(passedOver)."
        case .wrong: "\(subject) is wrong: \(comparison)\(share)."
        case .undecided(.kink):
            "\(subject) could not be judged\(kink)."
        case .undecided(.domain(let reason)):
            "\(place): the derivatives of \(operation) could not be judged: beside the point its value cannot be "
                + "computed (\(reason))."
        case .undecided(.noise):
            "\(subject) could not be judged: differences of the value depend on the step, however small; "
                + "the function is too rough, or too noisy, or has jumps here."
        case .notFinite(.operand):
            "\(place): \(operation) could not be judged: an operand is not finite here, so what comes before it overflows."
        case .notFinite(.value):
            "\(place): the value of \(operation) is not finite\(many)\(argument): it overflows, or has no value there."
        case .notFinite(.derivative):
            "\(subject) is not finite\(many)\(argument): gradients that pass here are no numbers."
        case .notAFunction:
            "\(place): the value of \(operation) is not a function of its operands: two evaluations at one point "
                + "differ\(many). Give its randomness as a buffer, as dropout's masks are, and keep no state in it."
        case .malformed(let reason): "\(subject) cannot be used: \(reason)."
        }
    }

    private var subject: String {
        let operand = slot.map { $0 == 0 ? "" : " with respect to operand \($0)" } ?? ""
        return "\(place): the \(mode.words) of \(operation)\(operand)"
    }

    private var comparison: String {
        guard let numbers else { return "it differs from the slope" }
        let (claimed, measured) = (Self.digits(numbers.claimed), Self.digits(numbers.measured))
        if let x = element?.x {
            return "at x = \(Self.digits(x)) the derivative says \(claimed), differences say \(measured)"
        }
        if let index = element?.index {
            return "for element \(index) of J t it says \(claimed), differences say \(measured)"
        }
        return "⟨Jᵀu, t⟩ is \(claimed), and ⟨u, J t⟩, by differences, is \(measured)"
    }

    private var kink: String {
        guard let numbers else { return ": the function has kinks here, and its slopes to both sides differ" }
        let (left, right) = (Self.digits(numbers.left), Self.digits(numbers.right))
        guard left != right else {
            return
                ": \(comparison), but nearby it is not found wrong: the function may have kinks here that cancel"
        }
        let place = element?.x.map { "at x = \(Self.digits($0)) " } ?? ""
        return
            ": \(place)it says \(Self.digits(numbers.claimed)) at a kink with the slopes \(left) and \(right)"
    }

    /// How many elements are wrong.
    private var share: String {
        counts.total > 1 ? "; so it is at \(counts.wrong) of \(counts.total) elements" : ""
    }

    private var many: String {
        counts.notFinite > 0 && counts.total > 1 ? " at \(counts.notFinite) of \(counts.total) elements" : ""
    }

    private var argument: String { element?.x.map { ", first at x = \(Self.digits($0))" } ?? "" }

    private var passedOver: String {
        let parts = [(counts.atKinks, "at a kink"), (counts.unresolved, "not told by differences")]
            .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return parts.isEmpty ? "" : " (of \(counts.total) elements \(parts.joined(separator: ", ")))"
    }

    private static func digits(_ number: Double) -> String {
        // Without the sign of a −0.
        String(format: "%.6g", number == 0 ? 0 : number)
    }
}
