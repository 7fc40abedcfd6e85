import Foundation
import NumericalMethods

/// Several Gaussian expectations of one function in one sweep: the function is evaluated once at a place for all of them.
///
/// Gauss and Kronrod's rule of 7 and 15 nodes with QUADPACK's estimate of its error (Piessens et al. 1983, `qk15`), on
/// panels that are split at the kinks and halved until every expectation is right to 1e−11 of its absolute integrand. It
/// gives what `GaussianExpectation` gives, some thirty times as fast.
struct GaussianSweep {
    typealias Values = SIMD16<Double>

    /// Where the function or its slope jumps.
    let kinks: [Double]
    /// By expectation, what is as good as 0: far from where it lives a function is what rounding leaves of larger parts, and
    /// never smooth.
    let rounding: Values
    /// What is averaged, at a place x with its z.
    let integrand: @Sendable (_ x: Double, _ z: Double) -> Values

    /// Why there is no expectation.
    enum Failure: Error, Equatable {
        /// It does not exist, or is larger than any number.
        case diverges
        /// It cannot be told to the tolerance with as many panels as are tried.
        case unresolved
    }

    /// E of the integrand at x ~ N(mean, variance).
    ///
    /// - Parameter isPart: of a mixture whose other parts reach as far: up to 10 deviations are then enough.
    func means(mean: Double, variance: Double, isPart: Bool = false) throws(Failure) -> Values {
        let deviation = variance.squareRoot()
        guard mean.isFinite, deviation.isFinite else { throw .diverges }
        guard deviation > 0 else { return integrand(mean, 0) }
        let kinkPlaces = kinks.map { ($0 - mean) / deviation }
        let places = isPart ? Self.nearEdges : Self.edges
        let edges = Set(places + kinkPlaces.filter { abs($0) < places[places.count - 1] }).sorted()
        var panels: [Panel] = []
        for (left, right) in zip(edges, edges.dropFirst()) {
            panels.append(panel(left, right, 0, mean: mean, deviation: deviation))
        }
        // What only the farthest values make is no expectation that a network would show.
        var (sum, size, far) = (Values.zero, Values.zero, Values.zero)
        for panel in panels {
            size += panel.size
            if max(abs(panel.left), abs(panel.right)) > Self.seen { far += panel.size }
        }
        for lane in size.indices where !size[lane].isFinite || far[lane] > 1e-6 * size[lane] + Self.nothing {
            throw .diverges
        }
        let allowance = Self.tolerance * size + rounding
        var evaluated = panels.count
        while let panel = panels.popLast() {
            guard (panel.error .> allowance * panel.share) == Self.none || panel.depth == Self.deepest else {
                evaluated += 2
                guard evaluated < Self.mostPanels else { throw .unresolved }
                let middle = (panel.left + panel.right) / 2
                for (left, right) in [(panel.left, middle), (middle, panel.right)] {
                    panels.append(self.panel(left, right, panel.depth + 1, mean: mean, deviation: deviation))
                }
                continue
            }
            // A singularity that never comes to an end.
            if panel.depth == Self.deepest, (panel.error .> 1e-9 * size + rounding) != Self.none {
                throw .unresolved
            }
            sum += panel.value
        }
        // Rounding is no mean of an odd function.
        sum.replace(with: 0, where: Self.magnitude(sum) .< 1e-14 * size)
        return sum
    }

    private struct Panel {
        let left: Double
        let right: Double
        let depth: Int
        let value: Values
        /// ∫ of the absolute integrand.
        let size: Values
        let error: Values
        /// Of the error that is allowed.
        var share: Double { depth < 8 ? 0.1 : 1e-3 }
    }

    private func panel(
        _ left: Double, _ right: Double, _ depth: Int, mean: Double, deviation: Double
    ) -> Panel {
        let (centre, half) = ((left + right) / 2, (right - left) / 2)
        func value(_ z: Double) -> Values {
            let density = GaussianExpectation.density(z)
            // Where no mass is left, nothing is too large.
            return density > 0 ? density * integrand(mean + deviation * z, z) : .zero
        }
        let middle = value(centre)
        var kronrod = Self.kronrod[7] * middle
        var gauss = Self.gauss[3] * middle
        var size = Self.kronrod[7] * Self.magnitude(middle)
        for index in 0..<7 {
            let shift = half * Self.nodes[index]
            let (a, b) = (value(centre - shift), value(centre + shift))
            kronrod += Self.kronrod[index] * (a + b)
            size += Self.kronrod[index] * (Self.magnitude(a) + Self.magnitude(b))
            if index % 2 == 1 { gauss += Self.gauss[index / 2] * (a + b) }
        }
        var error = half * Self.magnitude(kronrod - gauss)
        size *= half
        for lane in error.indices where size[lane] > 0 {
            let relative = 200 * error[lane] / size[lane]
            // 15 nodes are right to a power of what 7 are.
            if relative < 1 { error[lane] = size[lane] * relative * relative.squareRoot() }
        }
        return Panel(
            left: left, right: right, depth: depth, value: half * kronrod, size: size, error: error)
    }

    private static func magnitude(_ values: Values) -> Values {
        values.replacing(with: -values, where: values .< 0)
    }

    private static let none = SIMDMask<SIMD16<Double.SIMDMaskScalar>>(repeating: false)
    private static let tolerance = 1e-11
    /// Far below the mass of any value.
    private static let nothing = 1e-200
    private static let deepest = 60
    private static let mostPanels = 4000
    /// Deviations from the mean up to which a network's values reach.
    private static let seen = 16.0
    /// Up to where the density is 0 in Double.
    private static let edges: [Double] = [
        -38, -24, -16, -10, -7, -5, -3.5, -2, -1, 0, 1, 2, 3.5, 5, 7, 10, 16, 24, 38,
    ]
    private static let nearEdges = edges.filter { abs($0) <= 10 }
    private static let nodes = [
        0.991455371120812639206854697526329, 0.949107912342758524526189684047851,
        0.864864423359769072789712788640926, 0.741531185599394439863864773280788,
        0.586087235467691130294144691693013, 0.405845151377397166906606412076961,
        0.207784955007898467600689403773245,
    ]
    private static let kronrod = [
        0.022935322010529224963732008058970, 0.063092092629978553290700663189204,
        0.104790010322250183839876322541518, 0.140653259715525918745189590510238,
        0.169004726639267902826583426598550, 0.190350578064785409913256402421014,
        0.204432940075298892414161999234649, 0.209482141084727828012999174891714,
    ]
    /// Of the second, fourth and sixth node and the middle.
    private static let gauss = [
        0.129484966168869693270611432679082, 0.279705391489276667901467771423780,
        0.381830050505118944950369775488975, 0.417959183673469387755102040816327,
    ]
}
