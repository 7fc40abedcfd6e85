extension Expression {
    /// ∂/∂variable of a simplified expression, simplified; the variable is a symbol or a learned number.
    ///
    /// At kinks it is what PyTorch takes: 0 of ReLU and |x|, 1 of `clip` at its bounds, the mean of both sides of `min` and
    /// `max`. Every part's own derivative stands in it once, so that it grows no faster than the expression times its
    /// depth.
    public func derivative(by variable: Expression = .symbol(.x)) -> Expression {
        switch self {
        case .number, .compared: return 0
        case .symbol, .learned: return self == variable ? 1 : 0
        case .unary(let function, let u):
            let slope = u.derivative(by: variable)
            return slope == 0 ? 0 : function.derivative(at: u) * slope
        case .choice(let condition, let a, let b):
            return .select(condition, a.derivative(by: variable), b.derivative(by: variable))
        case .clipped(let u, let lowest, let highest):
            let slope = u.derivative(by: variable)
            if case .number(let a) = lowest, case .number(let b) = highest, a <= b {
                return .select(.compare(u, .atLeast, lowest) * .compare(u, .atMost, highest), slope, 0)
            }
            // The upper bound is the last to be applied.
            return .select(
                .compare(.combine(.max, u, lowest), .greater, highest), highest.derivative(by: variable),
                .select(.compare(u, .less, lowest), lowest.derivative(by: variable), slope))
        case .binary(let operation, let a, let b):
            return Self.derivative(
                of: operation, (a, a.derivative(by: variable)), (b, b.derivative(by: variable)))
        }
    }

    private static func derivative(
        of operation: Operation, _ a: (value: Expression, slope: Expression),
        _ b: (value: Expression, slope: Expression)
    ) -> Expression {
        switch operation {
        case .plus: return a.slope + b.slope
        case .minus: return a.slope - b.slope
        case .times: return a.slope * b.value + a.value * b.slope
        // Not over b²: that leaves the range of numbers where b does not.
        case .over: return a.slope / b.value - a.value * (b.slope / b.value) / b.value
        case .power:
            let byBase = a.slope == 0 ? 0 : b.value * a.value.power(b.value - 1) * a.slope
            guard b.slope != 0 else { return byBase }
            // Where the base is 0 the power is too, and its logarithm is not to be asked for.
            let byExponent = a.value.power(b.value) * .apply(.log, a.value) * b.slope
            return byBase + .select(.compare(a.value, .equal, 0), 0, byExponent)
        case .max: return side(a.value - b.value, a.slope) + side(b.value - a.value, b.slope)
        case .min: return side(b.value - a.value, a.slope) + side(a.value - b.value, b.slope)
        case .leakyRelu:
            return .select(.compare(a.value, .greater, 0), 1, b.value) * a.slope
                + .select(.compare(a.value, .greater, 0), 0, a.value) * b.slope
        }
    }

    /// slope·step(lead): where the lead is negative it is 0, whatever the slope is there.
    private static func side(_ lead: Expression, _ slope: Expression) -> Expression {
        if case .number = slope { return slope * .apply(.step, lead) }
        return .select(.compare(lead, .less, 0), 0, .apply(.step, lead) * slope)
    }
}
