import NumericalMethods

/// ∫_{−∞}^a Φ = aΦ(a) + φ(a), from a table: kernels ask for it a million times.
///
/// Between nodes 1/256 apart a cubic with the right values and slopes, which are Φ, is off by at most
/// (1/256)⁴/384·max|φ″| = 2.4e−13. Differences of values keep the sum of the masses they are.
enum CumulativeNormalIntegral {
    private static let reach = 8
    private static let perUnit = 256
    private static let nodes: [(value: Double, slope: Double)] = (0...2 * reach * perUnit).map { index in
        let a = Double(index) / Double(perUnit) - Double(reach)
        let slope = NormalDistribution.cumulative(a)
        return (a * slope + GaussianExpectation.density(a), slope)
    }

    static func table() -> Table { Table(nodes: nodes) }

    /// Held by a loop, which then looks up no global.
    struct Table {
        fileprivate let nodes: [(value: Double, slope: Double)]

        func value(at a: Double) -> Double {
            let place = (a + Double(reach)) * Double(perUnit)
            // Beyond the table Φ is 0 or 1 to 1e−15.
            guard place >= 0 else { return 0 }
            guard place < Double(nodes.count - 1) else { return a }
            let index = Int(saturating: place)
            let t = place - Double(index)
            let (left, right) = (nodes[index], nodes[index + 1])
            let (d0, d1) = (left.slope / Double(perUnit), right.slope / Double(perUnit))
            let rise = right.value - left.value
            return left.value + t * (d0 + t * (3 * rise - 2 * d0 - d1 + t * (d0 + d1 - 2 * rise)))
        }
    }
}
