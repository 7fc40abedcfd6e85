import Foundation
import NumericalMethods

extension ElementGrid {
    /// Room for every element of a stack of units.
    ///
    /// Behind BN the law has variance 1 and a tail to the right. Without it an element is a walk with steps of at
    /// most unit variance: n of them reach √n, fewer where the shortcut contracts, and more where it expands.
    ///
    /// - Parameter input: mean of x_0².
    /// - Throws: `PredictionError.outgrown` where elements grow beyond what can be tabulated.
    init(
        for shortcut: any PredictableShortcut, units: Int, isNormalized: Bool, input: Double
    ) throws(PredictionError) {
        let modulation = shortcut.modulation(gateVariance: 1, gateCorrelation: 0.3)
        let branch = modulation.mean { $0.branch * $0.branch }.squareRoot()
        let contraction = modulation.mean { $0.shortcut * $0.shortcut }
        let expansion = max(1, pow(contraction, Double(units + 1)))
        let steps =
            contraction < 1
            ? min(Double(units + 1), 1 / (1 - contraction))
            : contraction > 1 ? (expansion - 1) / (contraction - 1) : Double(units + 1)
        let start = input.squareRoot()
        let deviation =
            isNormalized ? 1 : max(1, branch * steps.squareRoot(), start * expansion.squareRoot())
        let reach = isNormalized ? max(16, 6 * start) : 6 * deviation + 1
        // Fine enough for one step of the walk, or no finer than a walk of thousands of steps needs; hats of twice
        // the step's size still carry its variance.
        let step = max(min(0.2, max(0.05, 0.25 * branch)), min(2 * branch, reach / 600))
        guard step > 0, reach / step <= Self.mostNodes else {
            throw .outgrown(shortcut: shortcut.name, units: units)
        }
        self.init(step: step, below: Int(saturating: 6 / step), above: Int(saturating: reach / step))
    }

    /// A kernel has two numbers for each pair of nodes.
    private static let mostNodes = 2500.0
}
