import Foundation
import NumericalMethods

/// The step t′ = (αx + βσz − offset)/scale with x = max(0, t) and z ~ N(0, 1), on a grid.
///
/// A node's mass is spread by hat functions: mass and mean are kept exactly at any noise, and the variance that
/// the hats add, step²/6, is taken off the noise.
final class TransitionKernel: Sendable {
    /// The parameters of a step, α and β with their probabilities as nodes.
    struct Step {
        let grid: ElementGrid
        let nodes: [PathModulation.Node]
        let deviation: Double
        let offset: Double
        let scale: Double
        /// What takes the place of x = max(0, t), where h or f is no factor.
        var map: ElementMap?

        /// Whether the other step is the same to 5e−5 of a standard deviation.
        func isAlike(_ other: Step) -> Bool {
            func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 5e-5 }
            return grid == other.grid && map === other.map && isClose(deviation, other.deviation)
                && isClose(offset, other.offset)
                && isClose(scale, other.scale) && nodes.count == other.nodes.count
                && zip(nodes, other.nodes).allSatisfy {
                    isClose($0.weight, $1.weight) && isClose($0.shortcut, $1.shortcut)
                        && isClose($0.branch, $1.branch)
                }
        }
    }

    private let grid: ElementGrid
    /// Whether all t ≤ 0 have one row.
    private let isRectified: Bool
    /// One row for each x ≥ 0, or for each t: its first node, and from there `width` probabilities of t′.
    private let starts: [Int]
    private let width: Int
    private let law: [Double]
    /// The same weighted with α²: what h′ multiplies a cotangent's energy by.
    private let energy: [Double]

    init(_ transition: Step) {
        let grid = transition.grid
        let table = CumulativeNormalIntegral.table()
        let count = grid.count
        let map = transition.map
        let rows = map == nil ? grid.above + 1 : count
        var masses = Array(repeating: 0.0, count: rows * count)
        var energies = masses
        for row in 0..<rows {
            let slope = map?.slopeEnergies[row] ?? 1
            for node in transition.nodes {
                let alpha = node.shortcut
                let first = row * count
                Self.spread(
                    mean: ((map.map { alpha * $0.values[row] } ?? alpha * grid.step * Double(row))
                        - transition.offset) / transition.scale,
                    deviation: abs(node.branch) * transition.deviation / transition.scale, on: grid, table
                ) { index, mass in
                    masses[first + index] += node.weight * mass
                    energies[first + index] += node.weight * alpha * alpha * slope * mass
                }
            }
        }
        // Beyond the band lies what no result sees.
        let bands = (0..<rows).map { row in
            let law = masses[(row * count)..<((row + 1) * count)]
            return (
                (law.firstIndex { $0 > 1e-14 } ?? law.startIndex) - law.startIndex,
                (law.lastIndex { $0 > 1e-14 } ?? law.startIndex) - law.startIndex
            )
        }
        let width = (bands.map { $0.1 - $0.0 }.max() ?? 0) + 1
        let starts = bands.map { min($0.0, count - width) }
        self.grid = grid
        isRectified = map == nil
        self.width = width
        self.starts = starts
        func banded(_ values: [Double]) -> [Double] {
            starts.enumerated().flatMap { row, start in
                values[(row * count + start)..<(row * count + start + width)]
            }
        }
        law = banded(masses)
        energy = banded(energies)
    }

    /// The next masses.
    func push(_ masses: [Double]) -> [Double] {
        var result = Array(repeating: 0.0, count: grid.count)
        for row in starts.indices {
            // All t ≤ 0 are the same x where it is rectified.
            let mass =
                !isRectified
                ? masses[row] : row == 0 ? masses[0...grid.below].reduce(0, +) : masses[grid.below + row]
            guard mass > 1e-18 else { continue }
            let start = starts[row]
            for index in 0..<width { result[start + index] += mass * law[row * width + index] }
        }
        return result
    }

    /// E[(αh′)²·value(t′) | t] at every node t.
    func pull(_ values: [Double]) -> [Double] {
        let rows = starts.indices.map { row in
            var sum = 0.0
            let start = starts[row]
            for index in 0..<width { sum += energy[row * width + index] * values[start + index] }
            return sum
        }
        return isRectified ? Array(repeating: rows[0], count: grid.below) + rows : rows
    }

    /// Probabilities of N(mean, deviation²) on a grid.
    static func masses(mean: Double, deviation: Double, on grid: ElementGrid) -> [Double] {
        var result = Array(repeating: 0.0, count: grid.count)
        let table = CumulativeNormalIntegral.table()
        spread(mean: mean, deviation: deviation, on: grid, table) { result[$0] += $1 }
        return result
    }

    private static func spread(
        mean: Double, deviation: Double, on grid: ElementGrid, _ table: CumulativeNormalIntegral.Table,
        _ add: (Int, Double) -> Void
    ) {
        let h = grid.step
        let sigma = max(deviation * deviation - h * h / 6, 1e-12).squareRoot()
        // What lies beyond the grid is at its edge, however far beyond.
        let margin = 8 * sigma + 2 * h
        let mean = min(max(mean, grid.node(0) - margin), grid.node(grid.count - 1) + margin)
        let lowest = index(of: mean - 7 * sigma - h, grid)
        let highest = index(of: mean + 7 * sigma + h, grid)
        // ∫ of the hats is a second difference of ∫Φ.
        func integral(_ index: Int) -> Double {
            sigma * table.value(at: (h * Double(index - grid.below) - mean) / sigma)
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
        Int(saturating: (t / grid.step).rounded()) + grid.below
    }
}

/// Kernels already made: a deep stack repeats a few steps.
///
/// A step that is alike to a recent one takes its kernel. Against the kernel's own parameters, not against a lattice
/// of rounded ones: a stack that settles beside a lattice's edge would change between kernels for ever, and one with
/// many nodes between many.
final class TransitionKernelCache {
    /// The latest first. Every group of channels has a sequence of its own.
    private var recent: [(step: TransitionKernel.Step, kernel: TransitionKernel)] = []
    private static let capacity = 8

    func kernel(for step: TransitionKernel.Step) -> TransitionKernel {
        if let index = recent.firstIndex(where: { $0.step.isAlike(step) }) {
            let found = recent.remove(at: index)
            recent.insert(found, at: 0)
            return found.kernel
        }
        let kernel = TransitionKernel(step)
        if recent.count == Self.capacity { recent.removeLast() }
        recent.insert((step, kernel), at: 0)
        return kernel
    }
}
