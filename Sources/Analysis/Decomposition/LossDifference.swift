import Foundation
import Kernels
import ResidualNetworks
import Tensors

/// Central differences of the loss along a direction at x_l.
public struct LossDifference<Scalar: KernelScalar>: Sendable {
    private let network: Network<Scalar>
    private let lossAtInputs: Double
    private let inputs: [Int: Tensor<Scalar>]
    private let labels: [Int]
    private let mode: ForwardPass.Mode
    private let masks: any MaskSource

    /// - Parameter loss: E at the inputs.
    public init(
        network: Network<Scalar>, loss: Double, inputs: [Int: Tensor<Scalar>], labels: [Int],
        mode: ForwardPass.Mode, masks: any MaskSource
    ) {
        self.network = network
        lossAtInputs = loss
        self.inputs = inputs
        self.labels = labels
        self.mode = mode
        self.masks = masks
    }

    /// The change of the loss that a step is sized for. Smaller steps drown in rounding, larger ones cross
    /// kinks of the rectifiers; the best of the ladder counts.
    private static var lossChanges: [Double] { [1e-5, 1e-6, 1e-4] }
    /// Relative to ‖x_l‖: a larger step says nothing about the derivative, however small the gradient.
    private static var largestStep: Double { 1e-3 }
    /// A change of the loss below this drowns in its rounding.
    private static var smallestChange: Double { 1e-9 }
    /// Rounding x_l alone moves the loss by about ε‖x_l‖‖g_l‖. Above this product it hides the step.
    private static var largestSensitivity: Double { 1e7 }
    /// At a kink (an x of exactly 0 may stay at that of a ReLU) the slopes to either side differ however small the
    /// step, and their mean is no derivative. This much leaves the mean within half of it.
    private static var largestBend: Double { 1e-2 }

    /// The central difference against ⟨g_l, v⟩, relative to the larger; `nil` where rounding alone moves the
    /// loss too far to tell, or where the loss has a kink.
    func error(
        unit: Int, direction v: Tensor<Scalar>, slope: ScaledNumber, gradientLog10: Double?
    ) throws -> Double? {
        guard let x = inputs[unit], let gradientLog10, slope.ordinary.isFinite, slope.ordinary != 0 else {
            return nil
        }
        let size = Scalar.kernels.sumOfSquares(x).squareRoot()
        let sensitivity = size * pow(10, gradientLog10)
        guard sensitivity < Self.largestSensitivity else { return nil }
        var best: Double?
        for change in Self.lossChanges {
            let step = min(change / abs(slope.ordinary), Self.largestStep * size)
            guard step * abs(slope.ordinary) >= Self.smallestChange else { continue }
            let above = try (loss(at: x, plus: step, v, unit) - lossAtInputs) / step
            let below = try (lossAtInputs - loss(at: x, plus: -step, v, unit)) / step
            guard abs(above - below) <= Self.largestBend * max(abs(above), abs(below)) else { continue }
            let error = relativeDifference(slope, ScaledNumber((above + below) / 2, exponent: 0)) ?? 0
            best = min(best ?? error, error)
            if error < 1e-6 { break }
        }
        return best
    }

    private func loss(at x: Tensor<Scalar>, plus step: Double, _ v: Tensor<Scalar>, _ unit: Int) throws
        -> Double
    {
        let pass = ForwardPass(mode: mode, masks: masks)
        let logits = try network.logits(
            from: Scalar.kernels.combine(x, 1, v, step), firstUnit: unit, in: pass)
        return try SoftmaxCrossEntropy(labels: labels).evaluate(at: logits).loss
    }
}
