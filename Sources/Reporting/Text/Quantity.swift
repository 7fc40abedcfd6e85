import Foundation
import NumericalMethods

/// Numbers in the form people say them.
public enum Quantity {
    /// 10,327,706
    public static func grouped(_ value: Int) -> String {
        var groups: [Substring] = []
        var digits = Substring(value.magnitude.description)
        while digits.count > 3 {
            groups.append(digits.suffix(3))
            digits = digits.dropLast(3)
        }
        groups.append(digits)
        return (value < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
    }

    /// 1.25 GiB: three significant digits, in powers of 1024.
    static func bytes(_ value: Int) -> String {
        let names = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        var amount = Double(value)
        var step = 0
        while abs(amount) >= 1000, step < names.count - 1 {
            amount /= 1024
            step += 1
        }
        guard step > 0 else { return "\(value) bytes" }
        let decimals = amount < 10 ? 2 : amount < 100 ? 1 : 0
        return "\(NumberStyle.fixed(amount, decimals: decimals)) \(names[step])"
    }

    /// 0.42 s, 12.3 s, 5 min 10 s, 2 h 5 min.
    public static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "an unknown time" }
        if seconds < 59.95 { return "\(NumberStyle.fixed(seconds, decimals: seconds < 9.995 ? 2 : 1)) s" }
        let whole = Int(saturating: seconds.rounded())
        return whole < 3600
            ? "\(whole / 60) min \(whole % 60) s" : "\(grouped(whole / 3600)) h \(whole % 3600 / 60) min"
    }

    /// "1 unit", "333 units".
    public static func counted(_ value: Int, _ noun: String, plural: String? = nil) -> String {
        "\(grouped(value)) \(value == 1 ? noun : plural ?? noun + "s")"
    }

    /// 8.6 × 10⁵⁶ from its logarithm 56.93, for numbers no Double could hold; plain between 0.01 and 10,000.
    static func power(log10 exponent: Double, minus: String = "−") -> String {
        if (-2..<4).contains(exponent) {
            let value = pow(10, exponent)
            return NumberStyle.fixed(value, decimals: value < 1 ? 4 : value < 100 ? 2 : 0)
        }
        guard abs(exponent) < 1e15 else { return "10^" + exponent.description }
        var whole = exponent.rounded(.down)
        var mantissa = NumberStyle.fixed(pow(10, exponent - whole), decimals: 1)
        if mantissa == "10.0" {
            mantissa = "1.0"
            whole += 1
        }
        return "\(mantissa) × 10" + superscript(Int(saturating: whole))
    }

    /// ⁻¹⁶
    static func superscript(_ value: Int) -> String {
        let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
        let sign = value < 0 ? "⁻" : ""
        return sign + String(value.magnitude.description.compactMap(\.wholeNumberValue).map { digits[$0] })
    }
}
