import Foundation

/// `value · 2^exponent`, an inner product that may lie outside the range of numbers.
public struct ScaledNumber: Sendable {
    public var value: Double
    public var exponent: Int

    public init(_ value: Double, exponent: Int) {
        self.value = value
        self.exponent = exponent
    }

    /// As an ordinary number; 0 or ±∞ outside the range.
    public var ordinary: Double { scalbn(value, max(-5000, min(5000, exponent))) }

    /// log10 of the magnitude; `nil` for 0 and where it is not finite.
    public var log10Magnitude: Double? {
        value != 0 && value.isFinite ? log10(abs(value)) + Double(exponent) * log10(2) : nil
    }
}

extension ScaledNumber {
    static func + (a: ScaledNumber, b: ScaledNumber) -> ScaledNumber {
        if a.value == 0 { return b }
        if b.value == 0 { return a }
        guard a.value.isFinite, b.value.isFinite else { return ScaledNumber(.nan, exponent: 0) }
        let exponent = max(a.exponent + Int(a.value.exponent), b.exponent + Int(b.value.exponent))
        func aligned(_ number: ScaledNumber) -> Double {
            scalbn(number.value, max(-5000, number.exponent - exponent))
        }
        return ScaledNumber(aligned(a) + aligned(b), exponent: exponent)
    }
}

/// |a − b| relative to the larger; `nil` if both are 0, infinite if either is not finite.
func relativeDifference(_ a: ScaledNumber, _ b: ScaledNumber) -> Double? {
    guard a.value != 0 || b.value != 0 else { return nil }
    guard a.value.isFinite, b.value.isFinite else { return .infinity }
    let reference = max(
        a.value == 0 ? Int.min : a.exponent + Int(a.value.exponent),
        b.value == 0 ? Int.min : b.exponent + Int(b.value.exponent))
    func aligned(_ number: ScaledNumber) -> Double {
        number.value == 0 ? 0 : scalbn(number.value, max(-5000, number.exponent - reference))
    }
    let (x, y) = (aligned(a), aligned(b))
    return abs(x - y) / max(abs(x), abs(y))
}
