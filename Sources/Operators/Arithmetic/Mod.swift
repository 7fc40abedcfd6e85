import Foundation
import Kernels
import Tensors

/// What a division with a whole quotient leaves of x; ONNX `Mod`.
public struct Mod: BroadcastOperator {
    /// Whether the rest has the sign of x, as that of C's `fmod` (ONNX `fmod` = 1), rather than that of the divisor.
    public let truncates: Bool

    public init(truncates: Bool = false) { self.truncates = truncates }

    public var name: String { "Mod" }

    public func value(at x: Double, _ y: Double) -> Double {
        let rest = fmod(x, y)
        return !truncates && rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest
    }

    /// Almost everywhere.
    public func derivative(in slot: Int, at x: Double, _ y: Double) -> Double {
        slot == 0 ? 1 : -(x / y).rounded(truncates ? .towardZero : .down)
    }

    public func value(ofWhole x: Int, _ y: Int) -> (partialValue: Int, overflow: Bool) {
        // Of the smallest number and −1 the quotient alone is none.
        let (rest, overflows) = x.remainderReportingOverflow(dividingBy: y)
        guard !overflows, !truncates, rest != 0, (rest < 0) != (y < 0) else {
            return (y == -1 ? 0 : rest, y == 0)
        }
        return (rest + y, false)
    }
}
