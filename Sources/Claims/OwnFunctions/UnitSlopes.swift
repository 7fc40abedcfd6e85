import Expressions
import Kernels
import ResidualNetworks
import Tensors

/// h′ and f′ of a design's units as formulas of x_l and y_l, where both are element-wise: an account of the first term of
/// Eqn. 8 that no operation's derivative enters.
struct UnitSlopes {
    /// Of one unit.
    struct Unit {
        /// h′.
        let shortcut: Expression
        /// λ where h is λ·x.
        let factor: Double?
        /// f′.
        let after: Expression
        let isAfterIdentity: Bool
    }

    let units: [Unit]

    /// - Returns: `nil`, with the reason, where an h or an f is not element-wise.
    static func of(_ design: NetworkDesign) throws -> Result<UnitSlopes, Reason> {
        guard let after = design.afterAddition.layers, !after.order.contains(.normalization) else {
            return .failure(Reason("f is not element-wise"))
        }
        var units: [Unit] = []
        for position in design.positions {
            let shortcut = try design.shortcut.resolved(at: position)
            guard let h = Self.function(of: shortcut) else {
                return .failure(
                    Reason(shortcut.keptShare == nil ? "h is not element-wise" : "h draws masks"))
            }
            let f = try Self.function(of: after, at: position)
            units.append(
                Unit(
                    shortcut: h.derivative(), factor: Self.factor(of: h), after: f.derivative(),
                    isAfterIdentity: f == .symbol(.x)))
        }
        return .success(UnitSlopes(units: units))
    }

    /// Why something does not apply.
    struct Reason: Error {
        let text: String
        init(_ text: String) { self.text = text }
    }

    /// h as a formula of x.
    private static func function(of shortcut: any ShortcutDesign) -> Expression? {
        switch shortcut {
        case is IdentityShortcut: .symbol(.x)
        case let scaling as ScalingShortcut: .binary(.times, .number(scaling.lambda), .symbol(.x)).simplified
        case let own as ExpressionShortcut: own.formula.expression
        default: nil
        }
    }

    private static func function(
        of after: LayersAfterAddition, at position: UnitPosition
    ) throws -> Expression {
        guard !after.order.isEmpty else { return .symbol(.x) }
        guard let activation = after.activation as? FormulaActivation else {
            return .unary(.relu, .symbol(.x))
        }
        return try activation.formula.initial(at: position)
    }

    private static func factor(of h: Expression) -> Double? {
        guard case .number(let factor) = h.linearFactor else { return nil }
        return factor
    }

    /// λ_l of every unit, where every h is λ_l·x and every f the identity.
    var factors: [Double]? {
        let factors = units.compactMap { $0.isAfterIdentity ? $0.factor : nil }
        return factors.count == units.count ? factors : nil
    }

    /// h′(x)·f′(y) of unit l, element by element.
    func product<Scalar: KernelScalar>(
        ofUnit l: Int, x: Tensor<Scalar>, y: Tensor<Scalar>, shiftedBy shift: Double = 0
    ) -> [Double] {
        zip(
            values(units[l].shortcut, x, shiftedBy: shift), values(units[l].after, y, shiftedBy: shift)
        ).map { $0 * $1 }
    }

    /// - Parameter shift: relative, of every x and y.
    private func values<Scalar: KernelScalar>(
        _ slope: Expression, _ x: Tensor<Scalar>, shiftedBy shift: Double
    ) -> [Double] { x.doubles.map { slope.value([.x: $0 * (1 + shift)]) ?? .nan } }
}
