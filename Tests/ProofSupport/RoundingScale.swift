import Analysis
import Kernels
import NumericalMethods
import ResidualNetworks
import Tensors

/// How large the terms were whose rounding reaches a result of a linear recursion.
///
/// A batch normalisation subtracts from a cotangent its mean and its component along x̂. Where hardly anything is
/// left (narrow dense stacks, where a channel is nearly a linear function of the one before it) the result is
/// small, but its rounding is that of what was there before. Noise of relative size δ ahead of every unit
/// stands in for rounding: the change of the result over δ is the size of the terms that it came from.
public struct RoundingScale {
    public let seed: UInt64
    /// δ: far above rounding, far below 1.
    private static let noise = 0x1p-20

    public init(seed: UInt64) { self.seed = seed }

    /// `start` through all steps, with the size of the terms: at least the norm of the result.
    public func through<Scalar: KernelScalar, Step>(
        _ steps: some Sequence<Step>, _ start: Tensor<Scalar>,
        _ apply: (Step, Tensor<Scalar>) throws -> Tensor<Scalar>
    ) rethrows -> (result: Tensor<Scalar>, size: Double) {
        var stream = RandomStream(seed: seed, name: "rounding")
        var (exact, noisy) = (start, start)
        for step in steps {
            exact = try apply(step, exact)
            noisy = try apply(step, disturbed(noisy, &stream))
        }
        return (exact, size(of: exact, noisy: noisy))
    }

    /// The size of the terms behind a result, given what noise made of it.
    public func size<Scalar: KernelScalar>(of exact: Tensor<Scalar>, noisy: Tensor<Scalar>) -> Double {
        max(norm(exact), norm(combination(1, exact, -1, noisy)) / Self.noise)
    }

    /// Relative noise, and a part of the tensor's RMS: a cotangent that lives on a few samples only may lie in what
    /// a batch normalisation takes away, however its elements are scaled, but the rounding of that does not.
    public func disturbed<Scalar: KernelScalar>(
        _ tensor: Tensor<Scalar>, _ stream: inout RandomStream
    ) -> Tensor<Scalar> {
        let size = norm(tensor) / Double(tensor.shape.count).squareRoot()
        let elements = tensor.elements.map { element in
            let sign = stream.integer(below: 2) == 0 ? Self.noise : -Self.noise
            return Scalar(Double(element) + sign * (abs(Double(element)) + size))
        }
        return Tensor(elements, shape: tensor.shape)
    }
}

extension MeasuredStack {
    /// The size of the terms behind d_l, and behind g_l.
    public func roundingScales(at l: Int, seed: UInt64) throws -> (direct: Double, total: Double) {
        let units = (l..<unitCount).reversed()
        let direct = try RoundingScale(seed: seed).through(units, top) { try pullBackDirect($1, of: $0) }
        let total = try RoundingScale(seed: seed).through(units, top) { try pullBack($1, of: $0) }
        return (direct.size, total.size)
    }
}
