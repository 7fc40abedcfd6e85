import Foundation
import NumericalMethods

/// How many digits a table for people shows. Machine-readable output never goes through here: it is exact.
enum NumberStyle: Sendable {
    case count
    /// This many digits after the point.
    case decimals(Int)
    /// This many significant digits, scientific outside 0.001 … 100,000.
    case significant(Int)
    /// Two significant digits, always scientific: 3.1e-16.
    case error

    /// `minus` is the sign of the typeset form (U+2212) or a plain hyphen.
    func text(_ value: Double, minus: String = "-") -> String {
        guard value.isFinite else { return "not finite" }
        let plain =
            switch self {
            case .count: NumberStyle.fixed(value, decimals: 0)
            case .decimals(let decimals): NumberStyle.fixed(value, decimals: decimals)
            case .significant(let digits): NumberStyle.significant(value, digits: digits)
            case .error: value == 0 ? "0" : NumberStyle.scientific(value, decimals: 1)
            }
        return minus == "-" ? plain : plain.replacing("-", with: minus)
    }

    /// Without zeros that say nothing: 0.1, not 0.100, and 1e-4, not 1.00e-4.
    func trimmed(_ value: Double, minus: String = "-") -> String {
        text(value, minus: minus).replacing(/(\.[0-9]*?)0+(?=e|$)/) { $0.1 == "." ? "" : $0.1 }
    }

    /// Fixed-point; a negative number that rounds to 0 loses its sign.
    static func fixed(_ value: Double, decimals: Int) -> String {
        // Beyond 1e15 the digits after the leading ones mean nothing, and would break any table.
        guard abs(value) < 1e15 else { return scientific(value, decimals: 2) }
        let text = String(format: "%.\(decimals)f", value)
        let isZero = text.allSatisfy { "-0.".contains($0) }
        return isZero && text.hasPrefix("-") ? String(text.dropFirst()) : text
    }

    /// 3.1e-16: no padding of the exponent.
    static func scientific(_ value: Double, decimals: Int) -> String {
        let parts = String(format: "%.\(decimals)e", value).split(separator: "e")
        guard parts.count == 2, let exponent = Int(parts[1]) else { return value.description }
        return "\(parts[0])e\(exponent)"
    }

    private static func significant(_ value: Double, digits: Int) -> String {
        guard value != 0 else { return "0" }
        let exponent = Int(saturating: log10(abs(value)).rounded(.down))
        guard (-3..<5).contains(exponent) else { return scientific(value, decimals: digits - 1) }
        return fixed(value, decimals: max(0, digits - 1 - exponent))
    }
}
