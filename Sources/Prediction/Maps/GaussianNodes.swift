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
    static let everyThird = every(3)

    private static func every(_ stride: Int) -> [(node: Double, weight: Double)] {
        let middle = line.count / 2
        let kept = line.enumerated().filter { ($0.offset - middle) % stride == 0 }.map(\.element)
        return normalized(kept, to: 1)
    }

    /// Gauss and Legendre's rule of three nodes on sixteen parts of [0, 6]: to 1e−8 for smooth functions, and with no
    /// node at 0, where a mask may jump. The weights sum to ½, the probability of the half line.
    static let halfLine: [(node: Double, weight: Double)] = {
        let parts = 16
        let half = 3 / Double(parts)
        let nodes = (0..<parts).flatMap { part -> [(Double, Double)] in
            let middle = Double(2 * part + 1) * half
            return [(-0.6.squareRoot(), 5.0), (0, 8), (0.6.squareRoot(), 5)].map { place, weight in
                let node = middle + half * place
                return (node, weight * exp(-node * node / 2))
            }
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
