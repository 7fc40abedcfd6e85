import Expressions
import Kernels
import ResidualNetworks
import Tensors

/// h′ and f′ of a design's units as formulas of x_l and y_l, where both are element-wise: an account of the first term of
/// Eqn. 8 that no operation's derivative enters.
struct UnitSlopes {
    /// h′ and f′ of unit l.
    let units: [(shortcut: Expression, after: Expression)]

    /// - Returns: `nil`, with the reason, where an h or an f is not element-wise.
    static func of(_ design: NetworkDesign) throws -> Result<UnitSlopes, Reason> {
        guard let after = design.afterAddition.layers, !after.order.contains(.normalization) else {
            return .failure(Reason("f is not element-wise"))
        }
        var units: [(Expression, Expression)] = []
        for position in design.positions {
            guard let shortcut = try slope(of: design.shortcut.resolved(at: position)) else {
                return .failure(Reason("h is not element-wise"))
            }
            units.append((shortcut, try slope(of: after, at: position)))
        }
        return .success(UnitSlopes(units: units))
    }

    /// Why something does not apply.
    struct Reason: Error {
        let text: String
        init(_ text: String) { self.text = text }
    }

    private static func slope(of shortcut: any ShortcutDesign) -> Expression? {
        switch shortcut {
        case is IdentityShortcut: 1
        case let scaling as ScalingShortcut: .number(scaling.lambda)
        case let own as ExpressionShortcut: own.formula.expression.derivative()
        default: nil
        }
    }

    private static func slope(
        of after: LayersAfterAddition, at position: UnitPosition
    ) throws -> Expression {
        guard !after.order.isEmpty else { return 1 }
        guard let activation = after.activation as? FormulaActivation else {
            return Expression.unary(.relu, .symbol(.x)).derivative()
        }
        return try activation.formula.initial(at: position).derivative()
    }

    /// λ_l of every unit, where every h is λ_l·x and every f the identity.
    var factors: [Double]? {
        let factors = units.compactMap { unit -> Double? in
            guard case .number(let factor) = unit.shortcut, unit.after == 1 else { return nil }
            return factor
        }
        return factors.count == units.count ? factors : nil
    }

    /// h′(x)·f′(y) of unit l, element by element.
    func product<Scalar: KernelScalar>(ofUnit l: Int, x: Tensor<Scalar>, y: Tensor<Scalar>) -> [Double] {
        zip(values(units[l].shortcut, x), values(units[l].after, y)).map { $0 * $1 }
    }

    private func values<Scalar: KernelScalar>(_ slope: Expression, _ x: Tensor<Scalar>) -> [Double] {
        x.doubles.map { slope.value([.x: $0]) ?? .nan }
    }
}
