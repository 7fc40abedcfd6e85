import Foundation

/// Nodes and weights for means over a standard normal, of functions without a kink.
enum GaussianNodes {
    /// Trapezoidal rule on [−6, 6]: for smooth functions its error is that of the cut, 1e−9.
    static let line: [(node: Double, weight: Double)] = {
        let nodes = (-30...30).map { Double($0) * 0.2 }
        return normalized(nodes.map { ($0, exp(-$0 * $0 / 2)) }, to: 1)
    }()

    /// Nodes for means of a sigmoid's functions σ(b + sz), whose poles lie π/s beside the line: the rule's error at step h
    /// is e^(−2π²/(sh)), and every third or second node of `line` does where that is below e^(−20).
    static func line(for deviation: Double) -> [(node: Double, weight: Double)] {
        let reach = 2 * Double.pi * Double.pi / (20 * 0.2 * deviation)
        return reach >= 3 ? everyThird : reach >= 2 ? everySecond : line
    }
    private static let everySecond = every(2)
    private static let everyThird = every(3)

    private static func every(_ stride: Int) -> [(node: Double, weight: Double)] {
        let middle = line.count / 2
        let kept = line.enumerated().filter { ($0.offset - middle) % stride == 0 }.map(\.element)
        return normalized(kept, to: 1)
    }

    /// Simpson's rule on [0, 6]; the weights sum to ½, the probability of the half line.
    static let halfLine: [(node: Double, weight: Double)] = {
        let intervals = 48
        let nodes = (0...intervals).map { index in
            let node = 6 * Double(index) / Double(intervals)
            let simpson: Double = index == 0 || index == intervals ? 1 : index % 2 == 1 ? 4 : 2
            return (node, simpson * exp(-node * node / 2))
        }
        return normalized(nodes, to: 0.5)
    }()

    private static func normalized(_ pairs: [(Double, Double)], to sum: Double) -> [(
        node: Double, weight: Double
    )] {
        let total = pairs.reduce(0) { $0 + $1.1 }
        return pairs.map { ($0.0, sum * $0.1 / total) }
    }
}
