import Foundation

/// Functions of one number.
public enum Function: String, Sendable, Hashable, CaseIterable {
    case exp, log, sqrt, sin, cos, tanh, sigmoid, erf, softplus, relu, gelu, silu, abs, sign
    /// 0 below 0, ½ at 0, 1 above.
    case step

    /// In Double. What leaves the domain gives what IEEE arithmetic gives.
    public func value(at x: Double) -> Double {
        switch self {
        case .exp: Foundation.exp(x)
        case .log: Foundation.log(x)
        case .sqrt: x.squareRoot()
        case .sin: Foundation.sin(x)
        case .cos: Foundation.cos(x)
        case .tanh: Foundation.tanh(x)
        // Without cancellation or overflow on either side.
        case .sigmoid: x < 0 ? Foundation.exp(x) / (1 + Foundation.exp(x)) : 1 / (1 + Foundation.exp(-x))
        case .erf: Foundation.erf(x)
        case .softplus: x.isNaN ? x : max(x, 0) + log1p(Foundation.exp(-Swift.abs(x)))
        case .relu: x <= 0 ? 0 : x
        // erfc keeps the digits far below 0.
        case .gelu: 0.5 * x * erfc(-x / 2.0.squareRoot())
        case .silu: x * Function.sigmoid.value(at: x)
        case .abs: Swift.abs(x)
        case .sign: x > 0 ? 1 : x < 0 ? -1 : x
        case .step: x > 0 ? 1 : x < 0 ? 0 : x + 0.5
        }
    }

    /// φ′(u). At kinks the slope that PyTorch takes: 0 of ReLU and of |x|.
    func derivative(at u: Expression) -> Expression {
        let value = Expression.apply(self, u)
        return switch self {
        case .exp: value
        case .log: 1 / u
        case .sqrt: 0.5 / value
        case .sin: .apply(.cos, u)
        case .cos: -.apply(.sin, u)
        case .tanh: 1 - value.power(2)
        case .sigmoid: value * (1 - value)
        case .erf: .number(2 / Double.pi.squareRoot()) * .apply(.exp, -u.power(2))
        case .softplus: .apply(.sigmoid, u)
        case .relu: .compare(u, .greater, 0)
        case .gelu:
            0.5 * (1 + .apply(.erf, .number(0.5.squareRoot()) * u))
                + .number(1 / (2 * Double.pi).squareRoot()) * (u * .apply(.exp, -0.5 * u.power(2)))
        case .silu: .apply(.sigmoid, u) * (1 + u * (1 - .apply(.sigmoid, u)))
        case .abs: .apply(.sign, u)
        case .sign, .step: 0
        }
    }

    /// Why no number comes of x, where x is outside the domain.
    public func obstacle(at x: Double) -> String? {
        switch self {
        case .log where x < 0: "log of a negative number"
        case .log where x == 0: "log of 0"
        case .sqrt where x < 0: "sqrt of a negative number"
        default: nil
        }
    }
}
