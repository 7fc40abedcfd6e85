import Kernels
import ResidualNetworks
import Tensors

/// A cotangent or tangent on its way, with its norm. A scaling changes the scale alone: the sum of squares is remembered
/// as long as the tensor under the scale stays the same.
struct MeasuredTensor<Scalar: KernelScalar>: Sendable {
    private(set) var scaled: ScaledTensor<Scalar>
    private(set) var norm: LogNorm
    private var squares: (of: ObjectIdentifier, sum: Double)

    init(_ tensor: ScaledTensor<Scalar>) {
        scaled = tensor
        let (norm, sum) = scaled.keepInRange(squaredNorm: Scalar.kernels.sumOfSquares(tensor.tensor))
        (self.norm, squares) = (norm, (scaled.tensor.identity, sum))
    }

    /// Moves on to what a linear map makes of it.
    mutating func move(_ map: (ScaledTensor<Scalar>) throws -> ScaledTensor<Scalar>) rethrows {
        let moved = try map(scaled)
        guard moved.tensor.identity == squares.of else {
            self = MeasuredTensor(moved)
            return
        }
        scaled = moved
        norm = scaled.log10Norm(squaredNorm: squares.sum)
    }

    /// The same, and adds another.
    mutating func move(
        adding other: ScaledTensor<Scalar>, _ map: (ScaledTensor<Scalar>) throws -> ScaledTensor<Scalar>
    ) rethrows {
        let moved = try map(scaled)
        // The sum may then take the memory of what nobody needs any more.
        scaled = ScaledTensor(Tensor(zeros: Shape(1, 1)))
        let (sum, norm) = (consume moved).adding(other)
        // An identity that no tensor has: the sum of squares is not known here.
        (scaled, self.norm, squares.of) = (sum, norm, ObjectIdentifier(Self.self))
    }
}
