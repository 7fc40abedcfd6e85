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
        let (kernels, rows) = (Scalar.kernels, try rows(of: x.shape))
        let matrix = x.reshaped(rows)
        let centred = subtractsMean ? kernels.subtractingMeans(matrix) : matrix
        let inverse = kernels.map(kernels.means(kernels.multiply(centred, centred))) { [epsilon] in
            1 / ($0 + epsilon).squareRoot()
        }
        let y = kernels.broadcast(centred, inverse, to: rows) { $0 * $1 }
        return Evaluation(y.reshaped(x.shape), residue: inverse)
    }

    // With x̂ the result and s = 1/√(variance + ε) the Jacobian s(1 − x̂x̂ᵀ/n), of centred vectors where the mean is
    // subtracted, is symmetric.

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let (kernels, rows) = (Scalar.kernels, try rows(of: point.resultShape))
        let inverse = try point.residue(as: Tensor<Scalar>.self)
        let (c, y) = (cotangent.reshaped(rows), try point.result.reshaped(rows))
        let along = kernels.means(kernels.multiply(c, y))
        let across = kernels.combine(
            subtractsMean ? kernels.subtractingMeans(c) : c, 1,
            kernels.broadcast(y, along, to: rows) { $0 * $1 }, -1)
        return ScaledTensor(
            kernels.broadcast(across, inverse, to: rows) { $0 * $1 }.reshaped(point.resultShape))
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> { try vjp(tangent, to: slot, at: point) }
}

extension KernelSet {
    /// The mean of every row of a matrix, as a column.
    fileprivate func means(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        scale(sum(x, to: Shape(axes: [x.shape[0], 1])), by: 1 / Double(max(1, x.shape[1])))
    }

    fileprivate func subtractingMeans(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        broadcast(x, means(x), to: x.shape) { $0 - $1 }
    }
}
