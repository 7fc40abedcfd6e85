/// What the check found of one derivative of one operation at its place in a network.
public struct DerivativeFinding: Sendable, Equatable {
    /// Which of an operator's functions was checked.
    public enum Mode: String, Sendable, Equatable, CaseIterable {
        case value, jvp, vjp
        /// Where an operator has one of its own that differs from its VJP in some bit.
        case pullBack

        var words: String {
            switch self {
            case .value: "value"
            case .jvp: "JVP"
            case .vjp: "VJP"
            case .pullBack: "pullBack"
            }
        }
    }

    public enum Verdict: Sendable, Equatable {
        case agrees
        /// It is not the derivative of the value, at this point and at two others nearby.
        case wrong
        case undecided(Obstacle)
        case notFinite(Part)
        /// Two evaluations at one point differ.
        case notAFunction
        /// A derivative or a value that cannot be used, such as one of another shape; why.
        case malformed(String)
    }

    /// Why differences decide nothing.
    public enum Obstacle: Sendable, Equatable {
        /// The slopes to both sides differ, or the derivative differs from them at this point alone.
        case kink
        /// The value cannot be computed beside the point; why.
        case domain(String)
        /// The slope depends on the step, whatever that is: the function is too rough, or too noisy.
        case noise
    }

    /// Which part of the evaluation holds a NaN or an infinity.
    public enum Part: String, Sendable, Equatable {
        case operand, value, derivative
    }

    /// Of a derivative: as the operator says, and as differences of its value do.
    public struct Numbers: Sendable, Equatable {
        public let claimed: Double
        /// One-sided slopes; at a kink they differ.
        public let left: Double
        public let right: Double
        /// A bound of what differences miss.
        public let error: Double

        /// The central difference.
        public var measured: Double { left / 2 + right / 2 }
    }

    /// Where the worst of an element-wise function, or of a J t, is.
    public struct Element: Sendable, Equatable {
        /// In row-major order.
        public let index: Int
        /// Its x, where the derivative is φ′(x).
        public let x: Double?
    }

    /// How many elements there are of each kind; of a VJP that is no element-wise one, of one inner product.
    public struct Counts: Sendable, Equatable {
        public var agreeing = 0
        public var wrong = 0
        public var atKinks = 0
        public var unresolved = 0
        public var notFinite = 0

        public var total: Int { agreeing + wrong + atKinks + unresolved + notFinite }
    }

    /// The node's label, such as `units.3.shortcut.expression`.
    public let place: String
    /// The operator's name.
    public let operation: String
    /// Of the operand; `nil` of a value.
    public let slot: Int?
    public let mode: Mode
    public let verdict: Verdict
    /// Of the worst element: φ′ of an element-wise function, an element of J t, or ⟨Jᵀu, t⟩ and ⟨u, J t⟩.
    public let numbers: Numbers?
    public let element: Element?
    public let counts: Counts

    init(
        place: String, operation: String, slot: Int? = nil, mode: Mode, verdict: Verdict,
        numbers: Numbers? = nil, element: Element? = nil, counts: Counts = Counts()
    ) {
        self.place = place
        self.operation = operation
        self.slot = slot
        self.mode = mode
        self.verdict = verdict
        self.numbers = numbers
        self.element = element
        self.counts = counts
    }

    /// Whether the operator has a mistake. What is not finite, or undecided, is none: it may be true of the function.
    public var isFailure: Bool {
        switch verdict {
        case .wrong, .notAFunction, .malformed: true
        case .agrees, .undecided, .notFinite: false
        }
    }
}
