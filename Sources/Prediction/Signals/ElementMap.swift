import NumericalMethods

/// What h makes of an element x = f(t), at the nodes t of a grid.
///
/// Where h or f is no factor, an element remembers its past: gelu keeps what is large and positive and drops the rest,
/// and what it has kept it keeps again. A Gaussian with the same moments would forget that; the law on a grid does not.
final class ElementMap: Sendable {
    /// h(f(t)).
    let values: [Double]
    /// h′(f(t))², and h′(f(t)).
    let slopeEnergies: [Double]
    let slopes: [Double]

    init(_ h: (any Activation)?, of f: ElementFunction, on grid: ElementGrid) {
        let x = f.values
        guard let h else {
            let ones = Array(repeating: 1.0, count: x.count)
            (values, slopeEnergies, slopes) = (x, ones, ones)
            return
        }
        let function = ElementFunction(h, on: grid, at: x)
        (values, slopeEnergies, slopes) = (function.values, function.slopeEnergies, function.slopes)
    }
}

/// A function and the square of its slope at the nodes of a grid.
final class ElementFunction: Sendable {
    let values: [Double]
    let slopeEnergies: [Double]
    let slopes: [Double]

    /// x ↦ x.
    init(identityOn grid: ElementGrid) {
        values = (0..<grid.count).map(grid.node)
        slopeEnergies = Array(repeating: 1, count: grid.count)
        slopes = slopeEnergies
    }

    /// At the nodes, or at other places by node. A node stands for the values around it, as far as its neighbours: the
    /// slope's energy is a mean over them, so that a jump between two nodes is counted by its part.
    init(_ function: any Activation, on grid: ElementGrid, at places: [Double]? = nil) {
        let places = places ?? (0..<grid.count).map(grid.node)
        let around = grid.step * grid.step / 6
        values = places.map { function.partMoments(mean: $0, variance: 0).mean }
        let beside = places.map { function.partMoments(mean: $0, variance: around) }
        slopeEnergies = beside.map(\.slopeEnergy)
        slopes = beside.map(\.meanSlope)
    }
}

extension RectifiedLaw {
    /// Of h(f(t)), by the values at the nodes.
    func moments(of map: ElementMap) -> ActivationMoments {
        var sum = ActivationMoments(mean: 0, meanSquare: 0, slopeEnergy: 0, meanSlope: 0)
        for (index, mass) in masses.enumerated() where mass > 0 {
            let (value, energy) = (map.values[index], map.slopeEnergies[index])
            sum.mean += mass * value
            sum.meanSquare += mass * value * value
            sum.slopeEnergy += mass * energy
            sum.meanSlope += mass * map.slopes[index]
        }
        return sum
    }

    /// E and E of the square of a function given by its values at the nodes.
    func moments(of function: ElementFunction) -> (mean: Double, meanSquare: Double) {
        var (first, second) = (0.0, 0.0)
        for (mass, value) in zip(masses, function.values) {
            first += mass * value
            second += mass * value * value
        }
        return (first, second)
    }

    /// Of single values with their probabilities, each parted between the nodes beside it: mass and mean are kept.
    init(points: [(value: Double, weight: Double)], on grid: ElementGrid) {
        var masses = Array(repeating: 0.0, count: grid.count)
        for (value, weight) in points {
            let place = min(max(value / grid.step + Double(grid.below), 0), Double(grid.count - 1))
            let index = min(grid.count - 2, Int(saturating: place))
            let share = place - Double(index)
            masses[index] += weight * (1 - share)
            masses[index + 1] += weight * share
        }
        self.init(masses: masses, on: grid)
    }
}
