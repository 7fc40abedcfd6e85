import Foundation

/// log10 of a norm, or why there is none. A norm whose logarithm is missing may be exactly 0, or may not be a number:
/// opposite findings, which one null must not stand for.
public enum LogNorm: Sendable, Hashable {
    case log10(Double)
    /// The norm is exactly 0.
    case zero
    /// An element is infinite or NaN.
    case notFinite
    /// Nobody measured it: the forward pass ended before, or the recursion does not reach this row.
    case notMeasured

    /// A norm's logarithm; that of 0 is `nil`.
    public init(_ log10: Double?) { self = log10.map(LogNorm.log10) ?? .zero }

    /// The logarithm, where there is one.
    public var value: Double? {
        if case .log10(let value) = self { value } else { nil }
    }

    /// Of several tensors together.
    public init(of parts: [LogNorm]) {
        if parts.contains(.notFinite) {
            self = .notFinite
        } else if let largest = parts.compactMap(\.value).max() {
            let squares = parts.compactMap(\.value).reduce(0) { $0 + pow(10, 2 * ($1 - largest)) }
            self = .log10(largest + 0.5 * Foundation.log10(squares))
        } else {
            self = parts.contains(.zero) ? .zero : .notMeasured
        }
    }
}
