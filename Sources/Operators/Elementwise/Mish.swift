import Expressions
import Foundation

/// x·tanh(log(1 + eˣ)) (Misra, 2020); ONNX `Mish`.
public struct Mish: ElementwiseOperator {
    public init() {}
    public var name: String { "Mish" }

    public func value(at x: Double) -> Double { x * Self.gate(x).open }

    public func derivative(at x: Double) -> Double {
        let (open, shut) = Self.gate(x)
        return open + x * Function.sigmoid.value(at: x) * shut * (1 + open)
    }

    /// The factor of x and what it lacks of 1: with n = eˣ(eˣ + 2) they are n/(n + 2) and 2/(n + 2).
    private static func gate(_ x: Double) -> (open: Double, shut: Double) {
        let n = exp(x) * (exp(x) + 2)
        let shut = 2 / (n + 2)
        return (x < 0 ? n / (n + 2) : 1 - shut, shut)
    }
}
