import Foundation
import NumericalMethods

extension ElementGrid {
    /// Room for every element of a stack of units.
    ///
    /// Behind BN the law has variance 1 and a tail to the right. Without it an element is a walk with steps of at
    /// most unit variance: n of them reach √n, fewer where the shortcut contracts, and more where it expands.
    ///
    /// - Parameters:
    ///   - rules: of the units, whose factors may differ.
    ///   - shortcut: its name.
    ///   - growth: a and c with |h(f(x))| ≤ a|x| + c by unit, where one of them is no factor, for elements of either sign.
    ///   - input: mean of x_0².
    /// - Throws: `PredictionError.outgrown` where elements grow beyond what can be tabulated.
    init(
        for rules: [UnitRules.Rule], of shortcut: String, isNormalized: Bool, input: Double,
        growth: ((UnitRules.Rule) -> (factor: Double, offset: Double))? = nil
    ) throws(PredictionError) {
        let sizes = Self.sizes(rules, growth)
        let branches = sizes.map(\.branch)
        // The finest step of all, and how far the steps lead with the growth from x_0, wherever they are largest.
        let branch = branches.filter { $0 > 0 }.min() ?? 0
        let (walk, expansion) =
            Set(sizes).count <= 1 ? Self.reach(sizes.first, units: rules.count) : Self.reach(sizes)
        let start = input.squareRoot()
        let deviation =
            isNormalized ? 1 : max(1, walk, start * expansion.squareRoot())
        let reach =
            isNormalized ? max(16, 6 * start) : 6 * deviation + 1 + Self.drift(sizes)
        // Fine enough for one step of the walk, or no finer than a walk of thousands of steps needs; hats of twice
        // the step's size still carry its variance.
        let step = max(min(0.2, max(0.05, 0.25 * branch)), min(2 * branch, reach / 600))
        guard step > 0, reach / step <= (growth == nil ? 1 : 0.5) * Self.mostNodes else {
            throw .outgrown(shortcut: shortcut, units: rules.count)
        }
        let below = growth == nil ? 6 : reach
        self.init(step: step, below: Int(saturating: below / step), above: Int(saturating: reach / step))
    }

    /// E α² and the root of E β².
    private struct Size: Hashable {
        let contraction: Double
        let branch: Double
        /// What h adds at most, beside a factor.
        let offset: Double
    }

    private static func sizes(
        _ rules: [UnitRules.Rule], _ growth: ((UnitRules.Rule) -> (factor: Double, offset: Double))?
    ) -> [Size] {
        var known: [Int: Size] = [:]
        return rules.map { rule in
            if let found = known[rule.kind] { return found }
            let modulation = rule.modulation(gateVariance: 1, gateCorrelation: 0.3)
            let own = growth?(rule)
            let made = Size(
                contraction: (own.map { $0.factor * $0.factor } ?? 1)
                    * modulation.mean { $0.shortcut * $0.shortcut },
                branch: modulation.mean { $0.branch * $0.branch }.squareRoot(), offset: own?.offset ?? 0)
            known[rule.kind] = made
            return made
        }
    }

    /// Of equal units: the deviation that n steps add up to, at most, and the growth of x_0's variance.
    private static func reach(
        _ size: Size?, units: Int
    ) -> (walk: Double, expansion: Double) {
        guard let size else { return (0, 1) }
        let (contraction, branch) = (size.contraction, size.branch)
        let expansion = max(1, pow(contraction, Double(units + 1)))
        let steps =
            contraction < 1
            ? min(Double(units + 1), 1 / (1 - contraction))
            : contraction > 1 ? (expansion - 1) / (contraction - 1) : Double(units + 1)
        return (branch * steps.squareRoot(), expansion)
    }

    /// Where offsets lead that factors carry on.
    private static func drift(_ sizes: [Size]) -> Double {
        var (place, farthest) = (0.0, 0.0)
        for size in sizes where size.offset > 0 || place > 0 {
            place = size.contraction.squareRoot() * place + size.offset
            farthest = max(farthest, place)
        }
        return farthest
    }

    /// Of units that differ, where each is largest.
    private static func reach(
        _ sizes: [Size]
    ) -> (walk: Double, expansion: Double) {
        var (steps, expansion, most) = (0.0, 1.0, (steps: 0.0, expansion: 1.0))
        for size in sizes {
            steps = size.contraction * steps + size.branch * size.branch
            expansion *= size.contraction
            most = (max(most.steps, steps), max(most.expansion, expansion))
        }
        return (most.steps.squareRoot(), most.expansion)
    }

    /// A kernel has two numbers for each pair of nodes.
    private static let mostNodes = 2500.0
}
