internal import CGSL
import RealModule

/// Spearman's rank correlation of two samples: the correlation of their ranks, where equal values share the mean
/// of their ranks.
///
/// Its uncertainty is told in two ways. The interval is Fisher's, with Bonett and Wright's standard error of
/// artanh ρ, √((1 + ρ²/2)/(n − 3)) (Psychometrika 65, 2000); it is rough for the dozen rows of a table. The p-value
/// assumes nothing: it is the share of permutations of y whose |ρ| is at least as large, over all permutations
/// of up to seven values, else over 9,999 random ones and the sample itself.
public struct SpearmanCorrelation: Equatable, Sendable, Codable {
    /// n.
    public let count: Int
    /// ρ, between −1 and 1.
    public let coefficient: Double
    /// Of artanh ρ; `nil` of fewer than four pairs.
    public let standardError: Double?
    /// Two-sided, of the hypothesis that x says nothing of y.
    public let pValue: Double

    /// Of at least three pairs of finite values, with at least two different ones on either side.
    public init(x: [Double], y: [Double]) throws(NumericalError) {
        let operation = "a rank correlation"
        guard x.count == y.count else {
            throw .sizeMismatch(operation: operation, expected: x.count, found: y.count)
        }
        guard x.count >= 3 else { throw .tooFewValues(operation: operation, needed: 3, found: x.count) }
        for values in [x, y] {
            try NumericalError.requireFinite(values, operation)
            guard values.contains(where: { $0 != values[0] }) else {
                throw .invalidArgument(
                    operation: operation, requirement: "at least two different values on either side")
            }
        }
        var work = [Double](repeating: 0, count: 2 * x.count)
        let found = gsl_stats_spearman(x, 1, y, 1, x.count, &work)
        count = x.count
        coefficient = min(1, max(-1, found))
        standardError =
            x.count > 3 ? ((1 + coefficient * coefficient / 2) / Double(x.count - 3)).squareRoot() : nil
        pValue = PermutationTest(Self.ranks(x), Self.ranks(y)).pValue
    }

    /// About 95 % of such intervals hold the true ρ; `nil` of fewer than four pairs.
    public var interval: ClosedRange<Double>? {
        standardError.map { error in
            guard abs(coefficient) < 1 else { return coefficient...coefficient }
            let center = Double.atanh(coefficient)
            return Double.tanh(center - 1.96 * error)...Double.tanh(center + 1.96 * error)
        }
    }

    /// Counted from 1; equal values share the mean of their ranks.
    static func ranks(_ values: [Double]) -> [Double] {
        values.map { value in
            let below = values.count { $0 < value }
            let equal = values.count { $0 == value }
            return Double(below) + Double(equal + 1) / 2
        }
    }
}

/// How often a rearrangement of ranks is as correlated as the ranks are.
private struct PermutationTest {
    private let x: [Double]
    private let y: [Double]
    /// n times the product of the mean ranks: Σxy of ranks that say nothing of each other.
    private let center: Double
    private static let exactCount = 7
    private static let draws = 9_999

    init(_ x: [Double], _ y: [Double]) {
        (self.x, self.y) = (x, y)
        center = x.reduce(0, +) * y.reduce(0, +) / Double(x.count)
    }

    /// |Σxy − center| orders permutations as |ρ| does: the ranks' variances do not change.
    private func departure(_ y: [Double]) -> Double { abs(zip(x, y).reduce(-center) { $0 + $1.0 * $1.1 }) }

    var pValue: Double {
        // Ranks are halves of integers, so sums are exact but for the centre's one rounding.
        let least = departure(y) - 1e-9
        guard x.count > Self.exactCount else {
            var (asLarge, all) = (0, 0)
            permutations(of: y) {
                all += 1
                if departure($0) >= least { asLarge += 1 }
            }
            return Double(asLarge) / Double(all)
        }
        var stream = RandomStream(seed: 0, name: "spearman.permutations")
        var shuffled = y
        var asLarge = 1
        for _ in 0..<Self.draws {
            for last in stride(from: shuffled.count - 1, to: 0, by: -1) {
                shuffled.swapAt(last, stream.integer(below: last + 1))
            }
            if departure(shuffled) >= least { asLarge += 1 }
        }
        return Double(asLarge) / Double(Self.draws + 1)
    }

    /// Heap's algorithm.
    private func permutations(of values: [Double], visit: ([Double]) -> Void) {
        var values = values
        func permute(_ count: Int) {
            guard count > 1 else { return visit(values) }
            for index in 0..<count {
                permute(count - 1)
                values.swapAt(count.isMultiple(of: 2) ? index : 0, count - 1)
            }
        }
        permute(values.count)
    }
}
