import Expressions
import Foundation

/// x·Φ(x), Φ the distribution function of the standard normal (Hendrycks and Gimpel, 2016); ONNX `Gelu`.
public struct Gelu: ElementwiseOperator {
    public enum Approximation: String, Sendable {
        case none
        /// ½x(1 + tanh(√(2/π)(x + 0.044715x³))).
        case tanh
    }

    public let approximation: Approximation

    public init(approximation: Approximation = .none) { self.approximation = approximation }

    public var name: String { "Gelu" }

    public func value(at x: Double) -> Double {
        switch approximation {
        case .none: Function.gelu.value(at: x)
        case .tanh: 0.5 * x * (1 + Foundation.tanh(Self.argument(x)))
        }
    }

    public func derivative(at x: Double) -> Double {
        switch approximation {
        case .none:
            return 0.5 * erfc(-x / 2.0.squareRoot()) + x * exp(-x * x / 2) / (2 * Double.pi).squareRoot()
        case .tanh:
            let t = Foundation.tanh(Self.argument(x))
            let slope = (2 / Double.pi).squareRoot() * (1 + 3 * 0.044715 * x * x)
            return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * slope
        }
    }

    private static func argument(_ x: Double) -> Double {
        (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)
    }
}
