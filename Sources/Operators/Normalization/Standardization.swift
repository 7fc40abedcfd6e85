import Kernels
import Tensors

/// (x − mean)/√(variance + ε) over groups of elements, the variance biased; without the mean, x/√(mean square + ε).
///
/// What layer, instance and group normalisation have in common; each says what its groups are. Scale and shift are products
/// and sums behind it.
public struct Standardization: Operator {
    /// Which elements are one group.
    public enum Groups: Sendable, Hashable {
        /// Those that differ only in the axes from this one on: layer normalisation.
        case trailingAxes(from: Int)
        /// Those of so many neighbouring channels of one sample: group normalisation, with one channel each instance
        /// normalisation. Channels stand on axis 1.
        case channels(groups: Int?)
    }

    public let groups: Groups
    public let epsilon: Double
    public let subtractsMean: Bool

    public init(over groups: Groups, epsilon: Double = 1e-5, subtractsMean: Bool = true) {
        self.groups = groups
        self.epsilon = epsilon
        self.subtractsMean = subtractsMean
    }

    public var name: String { "Standardization" }
    public func reads(for slot: Int) -> Reads { Reads(result: true) }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...1)
        _ = try rows(of: operands[0])
        return operands[0]
    }

    /// The operand as a matrix, a row for each group.
    private func rows(of shape: Shape) throws -> Shape {
        switch groups {
        case .trailingAxes(let first):
            let axis = try axis(first, of: shape)
            return Shape(axes: [shape.count(of: ..<axis), shape.count(of: axis...)])
        case .channels(let groups):
            let groups = groups ?? (shape.rank > 1 ? shape[1] : 0)
            guard shape.rank >= 2, groups > 0, shape[1].isMultiple(of: groups) else {
                throw OperatorError.attribute(
                    operation: name, attribute: "num_groups", value: "\(groups)",
                    requirement: "the channels of an operand of shape \(shape) have to divide into groups")
            }
            let count = shape[0] * groups
            return Shape(axes: [count, count == 0 ? 0 : shape.count / count])
        }
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let x = try operands[0].tensor
        let (value, inverse) = Scalar.kernels.standardize(
            rows: x.reshaped(try rows(of: x.shape)), epsilon: epsilon, subtractsMean: subtractsMean)
        return Evaluation(value.reshaped(x.shape), residue: inverse)
    }

    // With x̂ the result and s = 1/√(variance + ε) the Jacobian s(1 − x̂x̂ᵀ/n), of centred vectors where the mean is
    // subtracted, is symmetric.

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let rows = try rows(of: point.resultShape)
        let pulled = Scalar.kernels.standardizeDerivative(
            cotangent.reshaped(rows), ofRows: try point.result.reshaped(rows),
            inverseDeviation: try point.residue(as: Tensor<Scalar>.self), subtractsMean: subtractsMean)
        return ScaledTensor(pulled.reshaped(point.resultShape))
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> { try vjp(tangent, to: slot, at: point) }
}
