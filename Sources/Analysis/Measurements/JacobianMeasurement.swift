import Foundation
import Kernels
import Tensors

/// The singular values of ∂x_to/∂x_from: extremes by Golub–Kahan, mean square by random probes.
struct JacobianMeasurement {
    /// Steps of the bidiagonalisation.
    static let steps = 16
    static let probes = 8

    /// `nil`: x_0 and x_L.
    let from: Int?
    let to: Int?

    /// Sweeps over the units between: both directions of every step, the probes, and theirs through the shortcuts.
    var sweeps: Double { Double(2 * Self.steps + 2 * Self.probes) }

    /// Units that the sweeps pass in a network of so many.
    func unitsPassed(of units: Int) -> Int { Int(sweeps) * max(0, min(to ?? units, units) - (from ?? 0)) }

    /// - Throws: `MeasurementObstacle`, or a kernel's error.
    func measure<Scalar: KernelScalar>(
        _ forward: ForwardTrace<Scalar>, seed: UInt64,
        progress: @escaping () -> Void
    ) throws -> JacobianSpectrum {
        let (from, to) = (self.from ?? 0, self.to ?? forward.unitCount)
        let operation = JacobianOperator(forward: forward, from: from, to: to, progress: progress)
        let (input, output) = (operation.input, operation.output)
        let kahan = try bidiagonalization(operation, input: input, output: output, seed: seed)
        let directions = (0..<Self.probes).map {
            Tensor<Scalar>(zeros: input).randomDirection(seed: seed, name: "jacobian.probe.\($0)")
        }
        let mean = try meanSquare(directions) { try operation.apply($0) }
        let direct = try meanSquare(directions) { try operation.applyDirect($0) }
        guard let mean, let largest = kahan.values.first, let smallest = kahan.values.last else {
            throw MeasurementObstacle.everythingZero
        }
        func log10(_ value: Double) -> Double? {
            value > 0 ? Foundation.log10(value) + Double(kahan.exponent) * Foundation.log10(2) : nil
        }
        return JacobianSpectrum(
            from: from, to: to, inputElements: input.count, outputElements: output.count,
            steps: kahan.values.count, largestLog10: log10(largest.value) ?? 0,
            largestRelativeError: largest.residual / largest.value, smallestLog10: log10(smallest.value),
            smallestRelativeError: smallest.value > 0 ? smallest.residual / smallest.value : nil,
            meanSquareLog10: mean.log10, meanSquareRelativeStandardError: mean.relativeStandardError,
            directMeanSquareLog10: direct?.log10, probes: Self.probes)
    }

    /// From a direction in the smaller of the two spaces.
    private func bidiagonalization<Scalar: KernelScalar>(
        _ operation: JacobianOperator<Scalar>, input: Shape, output: Shape, seed: UInt64
    ) throws -> GolubKahan<Scalar> {
        let startsBelow = input.count <= output.count
        let start = Tensor<Scalar>(zeros: startsBelow ? input : output).randomDirection(
            seed: seed, name: "jacobian.start")
        let (apply, applyTransposed) = (operation.apply, operation.applyTransposed)
        return try GolubKahan(
            start: start, steps: Self.steps, apply: startsBelow ? apply : applyTransposed,
            applyTransposed: startsBelow ? applyTransposed : apply)
    }

    /// Hutchinson's estimate of (1/n) Σ s² = E ‖A v‖² for v with independent normal elements of variance 1/n;
    /// `nil` where every ‖A v‖ is 0.
    private func meanSquare<Scalar: KernelScalar>(
        _ directions: [Tensor<Scalar>], _ apply: (Tensor<Scalar>) throws -> ScaledTensor<Scalar>
    ) throws -> (log10: Double, relativeStandardError: Double)? {
        let norms = try directions.map { try apply($0).log10Norm }
        guard !norms.contains(.notFinite) else { throw MeasurementObstacle.derivativeNotFinite }
        let logarithms = norms.map(\.value)
        guard let largest = logarithms.compactMap(\.self).max() else { return nil }
        let squares = logarithms.map { $0.map { pow(10, 2 * ($0 - largest)) } ?? 0 }
        let count = Double(squares.count)
        let mean = squares.reduce(0, +) / count
        let variance = squares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
        return (2 * largest + log10(mean), (variance / count).squareRoot() / mean)
    }
}
