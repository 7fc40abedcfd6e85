import Foundation
import NumericalMethods

/// The step t′ = (αx + βσz − offset)/scale with x = max(0, t) and z ~ N(0, 1), on a grid.
///
/// A node's mass is spread by hat functions: mass and mean are kept exactly at any noise, and the variance that
/// the hats add, step²/6, is taken off the noise.
final class TransitionKernel: Sendable {
    struct Key: Hashable {
        let grid: ElementGrid
        let nodes: [[Double]]
        let deviation: Double
        let offset: Double
        let scale: Double
    }

    private let grid: ElementGrid
    /// One row for each x ≥ 0: its first node, and from there `width` probabilities of t′.
    private let starts: [Int]
    private let width: Int
    private let law: [Double]
    /// The same weighted with α²: what h′ multiplies a cotangent's energy by.
    private let energy: [Double]

    init(_ key: Key) {
        let grid = key.grid
        var rows: [(law: [Double], energy: [Double])] = []
        for row in 0...grid.above {
            var law = Array(repeating: 0.0, count: grid.count)
            var energy = law
            for node in key.nodes {
                let (weight, alpha, beta) = (node[0], node[1], node[2])
                Self.spread(
                    mean: (alpha * grid.step * Double(row) - key.offset) / key.scale,
                    deviation: abs(beta) * key.deviation / key.scale, on: grid
                ) { index, mass in
                    law[index] += weight * mass
                    energy[index] += weight * alpha * alpha * mass
                }
            }
            rows.append((law, energy))
        }
        // Beyond the band lies what no result sees.
        let bands = rows.map { row in
            (row.law.firstIndex { $0 > 1e-14 } ?? 0, row.law.lastIndex { $0 > 1e-14 } ?? 0)
        }
        let width = (bands.map { $0.1 - $0.0 }.max() ?? 0) + 1
        let starts = bands.map { min($0.0, grid.count - width) }
        self.grid = grid
        self.width = width
        self.starts = starts
        law = zip(rows, starts).flatMap { $0.law[$1..<$1 + width] }
        energy = zip(rows, starts).flatMap { $0.energy[$1..<$1 + width] }
    }

    /// The next masses.
    func push(_ masses: [Double]) -> [Double] {
        var result = Array(repeating: 0.0, count: grid.count)
        for row in 0...grid.above {
            // All t ≤ 0 are the same x.
            let mass = row == 0 ? masses[0...grid.below].reduce(0, +) : masses[grid.below + row]
            guard mass > 1e-18 else { continue }
            let start = starts[row]
            for index in 0..<width { result[start + index] += mass * law[row * width + index] }
        }
        return result
    }

    /// E[α²·value(t′) | t] at every node t.
    func pull(_ values: [Double]) -> [Double] {
        let rows = (0...grid.above).map { row in
            var sum = 0.0
            let start = starts[row]
            for index in 0..<width { sum += energy[row * width + index] * values[start + index] }
            return sum
        }
        return Array(repeating: rows[0], count: grid.below) + rows
    }

    /// Probabilities of N(mean, deviation²) on a grid.
    static func masses(mean: Double, deviation: Double, on grid: ElementGrid) -> [Double] {
        var result = Array(repeating: 0.0, count: grid.count)
        spread(mean: mean, deviation: deviation, on: grid) { result[$0] += $1 }
        return result
    }

    private static func spread(
        mean: Double, deviation: Double, on grid: ElementGrid, _ add: (Int, Double) -> Void
    ) {
        let h = grid.step
        let sigma = max(deviation * deviation - h * h / 6, 1e-12).squareRoot()
        let lowest = index(of: mean - 7 * sigma - h, grid)
        let highest = index(of: mean + 7 * sigma + h, grid)
        // ∫ of the hats is a second difference of ∫Φ.
        func integral(_ index: Int) -> Double {
            let a = (h * Double(index - grid.below) - mean) / sigma
            return sigma * (a * NormalDistribution.cumulative(a) + GaussianExpectation.density(a))
        }
        var (left, middle) = (integral(lowest - 1), integral(lowest))
        for index in lowest...highest {
            let right = integral(index + 1)
            let mass = (right - 2 * middle + left) / h
            // What leaves the grid stays at its edge.
            if mass > 0 { add(min(max(index, 0), grid.count - 1), mass) }
            (left, middle) = (middle, right)
        }
    }

    private static func index(of t: Double, _ grid: ElementGrid) -> Int {
        Int((t / grid.step).rounded()) + grid.below
    }
}

/// Kernels already made: a deep stack repeats a few steps.
final class TransitionKernelCache {
    private var last: (key: TransitionKernel.Key, kernel: TransitionKernel)?
    private var kernels: [TransitionKernel.Key: TransitionKernel] = [:]

    func kernel(
        nodes: [PathModulation.Node], deviation: Double, offset: Double, scale: Double, on grid: ElementGrid
    ) -> TransitionKernel {
        let key = TransitionKernel.Key(
            grid: grid,
            nodes: nodes.map { [$0.weight, $0.shortcut, $0.branch].map(Self.rounded) },
            deviation: Self.rounded(deviation), offset: Self.rounded(offset), scale: Self.rounded(scale))
        if let last, last.key == key { return last.kernel }
        let kernel = kernels[key] ?? TransitionKernel(key)
        // A sequence that settles does so within the rounding of keys, on a few kernels in turn.
        if kernels.count == 64 { kernels = [:] }
        kernels[key] = kernel
        last = (key, kernel)
        return kernel
    }

    /// To 1e−4 of a standard deviation, so that a sequence that converges arrives.
    private static func rounded(_ value: Double) -> Double { (value * 1e4).rounded() / 1e4 }
}
