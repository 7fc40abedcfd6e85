import Expressions
import Graphs

/// h(x) = φ(A(x)) beside F(x), φ a formula of each element, of the unit's position and of learned numbers.
///
///     x ──── φ ───────┐
///     └── F(x) ──────(+)
///
/// Where φ comes to λ·x at a unit, h is the scaling of Fig. 2(b) there.
public struct ExpressionShortcut: ShortcutDesign {
    public let formula: UnitFormula

    /// The name's beginning on the command line.
    public static let stem = "expr:"

    /// - Throws: `VocabularyError` where no x is in it.
    public init(_ formula: UnitFormula) throws(VocabularyError) {
        guard formula.expression.contains(.x) else {
            throw .constant(function: "h", argument: "x", value: formula.description)
        }
        self.formula = formula
    }

    private init(unchecked formula: UnitFormula) { self.formula = formula }

    public var name: String { "\(Self.stem) \(formula)" }

    /// The same as a shortcut of the paper, where φ is λ·x with one λ for all units; `nil` for all others.
    public var scaling: (any ShortcutDesign)? { Self.scaling(formula.expression) }

    private static func scaling(_ expression: Expression) -> (any ShortcutDesign)? {
        guard let lambda = expression.factor(of: .x) else { return nil }
        return lambda == 1 ? IdentityShortcut() : ScalingShortcut(lambda: lambda)
    }

    /// - Throws: `NetworkError.impossibleFormula`.
    public func resolved(at position: UnitPosition) throws -> any ShortcutDesign {
        let own = try formula.initial(at: position)
        // Where x has gone, h is 0·x there, or a constant that only learning could change.
        if own == 0 { return ScalingShortcut(lambda: 0) }
        guard try own.contains(.x) || !formula.bound(at: position).learned.isEmpty else {
            throw formula.refusal(at: position, "it is \(own), a constant, by which no signal passes")
        }
        return Self.scaling(own) ?? ExpressionShortcut(unchecked: UnitFormula(own))
    }

    /// - Throws: `NetworkError.impossibleFormula` where a part of φ has no value at a unit.
    public func paths(
        at place: UnitPlace, branch: Graph.ValueID, in network: inout NetworkGraph
    ) throws -> UnitValues {
        let (h, lambda) = try network.apply(
            formula, to: network.matched(at: place), at: place.position, owner: place.name,
            label: place.name + ".shortcut.expression")
        return UnitValues(shortcut: h, branch: branch, factor: lambda.map(ShortcutFactor.exact) ?? .undefined)
    }
}
