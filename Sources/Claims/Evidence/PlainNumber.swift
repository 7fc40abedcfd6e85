import Foundation

// Numbers as they stand in a sentence.

/// 0.063: three significant digits.
func plain(_ value: Double) -> String { String(format: "%.3g", value) }

/// −0.301: a sign and three decimals.
func signed(_ value: Double) -> String {
    String(format: "%+.3f", value).replacing("-", with: "−")
}
