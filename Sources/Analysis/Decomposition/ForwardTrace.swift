import Foundation
import Kernels
import ResidualNetworks
import Tensors

/// One forward pass: what was measured of every x_l, and the derivatives that the backward pass and the probes
/// need.
public struct ForwardTrace<Scalar: KernelScalar>: Sendable {
    /// What was measured at one x_l (l = 0 … L) and, for l < L, at the unit that reads it.
    public struct Row: Sendable {
        public var shape: Shape
        public var forwardRMS: Double
        public var channelMeanSquare: Double?
        public var channelVariance: Double?
        public var forwardIdentityError: Double?
        public var negativeShare: Double?
        /// Mean over channels of the channel variance of F̂(x_l), where it was asked for.
        public var branchVariance: Double?
    }

    /// The rows up to the first non-finite value.
    public private(set) var rows: [Row] = []
    /// The units passed.
    private var tape = UnitTape<Scalar>()
    /// The first l whose x_l is not finite; L + 1 for the head's logits; `nil` if the pass stayed finite.
    public private(set) var firstNonFiniteUnit: Int?
    /// The first l at which a path is smaller than its type can hold while the other is exactly 0 in places: there
    /// x_{l+1} reads 0, and with it every derivative at 0.
    public private(set) var firstUnderflowUnit: Int?
    /// E; `nil` after an overflow.
    public private(set) var loss: Double?
    /// g_L = ∂E/∂x_L; `nil` after an overflow.
    public private(set) var topCotangent: ScaledTensor<Scalar>?
    /// The x_l that were asked for.
    public private(set) var keptInputs: [Int: Tensor<Scalar>] = [:]

    /// Runs the network on a batch.
    ///
    /// - Parameters:
    ///   - keepingInputs: the l whose x_l are kept.
    ///   - measuringBranches: whether the variance of every F̂(x_l) is measured.
    ///   - progress: called after every unit.
    public init(
        _ network: Network<Scalar>, batch: LabelledBatch<Scalar>, pass: ForwardPass,
        keepingInputs: Set<Int> = [], measuringBranches: Bool = false, progress: () -> Void = {}
    ) throws {
        var x = try network.x0(of: batch.input, in: pass)
        var identity = ForwardIdentity(start: x)
        guard record(x, pass: pass, identityError: nil) else { return }
        for (index, unit) in network.units.enumerated() {
            if keepingInputs.contains(index) { keptInputs[index] = x }
            let linearized = try tape.linearize(unit, at: x, in: pass)
            rows[index].negativeShare = unit.after.truncatesNegatives ? negativeShare(of: linearized.y) : nil
            if measuringBranches { rows[index].branchVariance = branchVariance(linearized.F.value) }
            if firstUnderflowUnit == nil, Self.underflows(linearized) { firstUnderflowUnit = index }
            x = linearized.output
            let error = try identity.advance(through: unit, linearized: linearized, to: x)
            progress()
            guard record(x, pass: pass, identityError: error) else { return }
        }
        try evaluateHead(of: network, at: x, labels: batch.labels, pass: pass)
    }

    private static func underflows(_ unit: LinearizedUnit<Scalar>) -> Bool {
        [unit.h.value, unit.F.value].contains(where: isTooSmall) && unit.y.elements.contains(0)
    }

    /// Whether a value that is not 0 is less than the smallest normal number, in root mean square.
    private static func isTooSmall(_ value: ScaledTensor<Scalar>) -> Bool {
        // A plain tensor is what it is.
        guard value.exponent < Int(Scalar.leastNormalMagnitude.exponent) / 2,
            let norm = value.log10Norm.value
        else { return false }
        return norm - 0.5 * log10(Double(value.tensor.shape.count))
            < log10(Double(Scalar.leastNormalMagnitude))
    }

    /// Mean over channels of the channel variance.
    private func branchVariance(_ branch: ScaledTensor<Scalar>) -> Double {
        let factor = branch.coefficient(relativeTo: 0)
        let variance = Scalar.kernels.channelStatistics(branch.tensor).variance
        return factor * factor * variance.reduce(0, +) / Double(variance.count)
    }

    /// x_l, made again where it was let go of.
    public func input(of unit: Int) throws -> Tensor<Scalar> { try tape.input(of: unit) }

    /// Number of units passed.
    public var unitCount: Int { tape.count }

    /// H_l, J_l, D_l of a unit; x_l is made again where it was let go of, and lives as long as what is returned.
    public func derivatives(of unit: Int) throws -> UnitDerivatives<Scalar> {
        try tape.derivatives(of: unit)
    }

    /// Measures x_l; false if it is not finite.
    private mutating func record(_ x: Tensor<Scalar>, pass: ForwardPass, identityError: Double?) -> Bool {
        guard let moments = ForwardMoments(of: x, in: pass) else {
            firstNonFiniteUnit = rows.count
            return false
        }
        rows.append(
            Row(
                shape: x.shape, forwardRMS: moments.rms, channelMeanSquare: moments.channelMeanSquare,
                channelVariance: moments.channelVariance, forwardIdentityError: identityError))
        return true
    }

    private func negativeShare(of y: Tensor<Scalar>) -> Double {
        Double(Scalar.kernels.negativeCount(y)) / Double(y.shape.count)
    }

    private mutating func evaluateHead(
        of network: Network<Scalar>, at xL: Tensor<Scalar>, labels: [Int], pass: ForwardPass
    ) throws {
        let head = try network.head.linearize(xL, in: pass)
        let (loss, cotangent) = try SoftmaxCrossEntropy(labels: labels).evaluate(at: head.tensor)
        guard loss.isFinite else {
            firstNonFiniteUnit = rows.count
            return
        }
        self.loss = loss
        topCotangent = try head.derivative.pullBack(cotangent)
    }
}
