import Foundation

/// The places at which the law of an element before f = ReLU is tabulated: uniform, 0 among them.
struct ElementGrid: Hashable, Sendable {
    let step: Double
    /// Nodes below 0, and above it.
    let below: Int
    let above: Int

    var count: Int { below + above + 1 }
    func node(_ index: Int) -> Double { step * Double(index - below) }
}

/// The distribution of t where x = max(0, t) is an element behind f = ReLU.
///
/// There an element remembers its past: x_{l+1} = max(0, αx_l + βF) is a random walk that is reflected at 0, and
/// the direct term survives at an element only while the walk stays positive. Products of mean masks miss that
/// by orders of magnitude; the law on a grid does not.
struct RectifiedLaw: Sendable {
    let grid: ElementGrid
    /// Probabilities of the nodes.
    let masses: [Double]

    /// t ~ N(mean, variance); with mean 0, as a stem without pooling leaves it.
    init(mean: Double, variance: Double, on grid: ElementGrid) {
        self.init(
            masses: TransitionKernel.masses(mean: mean, deviation: variance.squareRoot(), on: grid), on: grid)
    }

    init(masses: [Double], on grid: ElementGrid) {
        self.grid = grid
        self.masses = masses
    }

    /// E x and E x².
    var moments: (mean: Double, meanSquare: Double) {
        var (first, second) = (0.0, 0.0)
        for index in (grid.below + 1)..<grid.count {
            let x = grid.node(index)
            first += masses[index] * x
            second += masses[index] * x * x
        }
        return (first, second)
    }

    /// E of a function of t given by its values at the nodes.
    func mean(_ values: [Double]) -> Double {
        var sum = 0.0
        for index in masses.indices { sum += masses[index] * values[index] }
        return sum
    }

    /// The law of the next t; this very law where it no longer changes, so that a deep stack shares one.
    func advanced(by kernel: TransitionKernel) -> RectifiedLaw {
        let next = kernel.push(masses)
        let change = zip(next, masses).reduce(0) { max($0, abs($1.0 - $1.1)) }
        return change < 1e-12 ? self : RectifiedLaw(masses: next, on: grid)
    }
}
