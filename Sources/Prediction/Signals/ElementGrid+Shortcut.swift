import Foundation

extension ElementGrid {
    /// Room for every element of a stack of units.
    ///
    /// Behind BN the law has variance 1 and a tail to the right. Without it an element is a walk with steps of at
    /// most unit variance: n of them reach √n, or fewer where the shortcut contracts.
    init(for shortcut: any PredictableShortcut, units: Int, isNormalized: Bool) {
        let modulation = shortcut.modulation(gateVariance: 1, gateCorrelation: 0.3)
        let branch = modulation.mean { $0.branch * $0.branch }.squareRoot()
        let contraction = modulation.mean { $0.shortcut * $0.shortcut }
        let steps = contraction < 1 ? min(Double(units + 1), 1 / (1 - contraction)) : Double(units + 1)
        let deviation = isNormalized ? 1 : max(1, branch * steps.squareRoot())
        let reach = isNormalized ? 16 : 6 * deviation + 1
        // Fine enough for one step of the walk, or no finer than a walk of thousands of steps needs; hats of twice
        // the step's size still carry its variance.
        let step = max(min(0.2, max(0.05, 0.25 * branch)), min(2 * branch, reach / 600))
        self.init(step: step, below: Int(6 / step), above: Int(reach / step))
    }
}
