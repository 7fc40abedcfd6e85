import Foundation
import Graphs

/// Σ_{i=l}^{L−1} log10|λ_i| for every l, from the shortcuts alone; `nil` from the first h that is no scaling, or
/// is zero, downwards.
public struct ShortcutProduct: Sendable {
    public let log10: [Double?]
    /// Some factor is an expectation (dropout).
    public let isExpectation: Bool

    public init(_ units: [ResidualModel.Unit]) {
        var sum: Double? = 0
        var sums: [Double?] = [0]
        var isExpectation = false
        for unit in units.reversed() {
            switch unit.factor {
            case .exact(let lambda): sum = Self.add(lambda, to: sum)
            case .expectation(let lambda):
                sum = Self.add(lambda, to: sum)
                isExpectation = true
            case .undefined: sum = nil
            }
            sums.append(sum)
        }
        // The empty product of row L says nothing about a network whose last h is no scaling.
        if sums.count > 1, sums[1] == nil { sums[0] = nil }
        log10 = sums.reversed()
        self.isExpectation = isExpectation
    }

    private static func add(_ lambda: Double, to sum: Double?) -> Double? {
        guard let sum, lambda != 0 else { return nil }
        return sum + Foundation.log10(abs(lambda))
    }
}
