import Expressions
import Graphs
import NumericalMethods
import Operators

/// h(x) = φ(A(x)) beside F(x), φ a formula of each element and of the unit's place.
///
///     x ──── φ ───────┐
///     └── F(x) ──────(+)
///
/// Where φ comes to λ·x at a unit, h is the scaling of Fig. 2(b) there.
public struct ExpressionShortcut: ShortcutDesign {
    /// As it was written, simplified.
    public let expression: Expression

    /// The name's beginning on the command line.
    public static let stem = "expr:"

    /// - Throws: `SyntaxError` where the text is no formula, `VocabularyError` where no x is in it.
    public init(_ text: String, reader: ExpressionReader = ExpressionReader(allowsLearned: false)) throws {
        let simplified = try reader.expression(String(text.drop(while: \.isWhitespace))).simplified
        guard simplified.contains(.x) else {
            throw VocabularyError.constant(word: Self.stem + text, value: simplified.description)
        }
        expression = simplified
    }

    public var name: String { "\(Self.stem) \(expression)" }

    /// The same as a shortcut of the paper, where φ is λ·x with one λ for all units; `nil` for all others.
    public var scaling: (any ShortcutDesign)? {
        guard let lambda = expression.factor(of: .x) else { return nil }
        return lambda == 1 ? IdentityShortcut() : ScalingShortcut(lambda: lambda)
    }

    /// - Throws: `NetworkError.impossibleShortcut` where a part of φ has no value at a unit.
    public func paths(
        at place: UnitPlace, branch: Graph.ValueID, in network: inout NetworkGraph
    ) throws -> UnitValues {
        if let (part, reason) = expression.obstacle(place.symbols) {
            throw NetworkError.impossibleShortcut(
                name: name,
                reason: "at unit \(place.index) its part \(part) has no value: "
                    + (reason ?? "it leaves the range of numbers"))
        }
        let own = expression.bound(place.symbols).simplified
        let (x, label) = (try network.matched(at: place), place.name + ".shortcut.expression")
        guard let lambda = own.factor(of: .x) else {
            let h = try network.apply(ExpressionOperator(own), to: x, label: label)
            return UnitValues(shortcut: h, branch: branch)
        }
        return UnitValues(
            shortcut: try network.scale(x, by: lambda, label: label), branch: branch, factor: .exact(lambda))
    }
}

extension UnitPlace {
    /// What the names of an expression stand for here.
    var symbols: [Expression.Symbol: Double] {
        [
            .unit: Double(index), .units: Double(count), .stage: Double(stage),
            .width: Double(output.channels),
            .depth: Double(index) / Double(count),
        ]
    }
}
