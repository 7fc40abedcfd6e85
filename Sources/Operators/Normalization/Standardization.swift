import Kernels
import Tensors

/// γ(x − mean)/√(variance + ε) + β over groups of elements of one sample, the variance biased; or γx/√(mean square + ε) + β.
/// ONNX `LayerNormalization`, `RMSNormalization`, `GroupNormalization` and `InstanceNormalization`, which differ in what
/// their groups are.
///
/// Slot 0 is x, slot 1 the scale γ and slot 2 the shift β, where there are any. Layer normalisation stretches them to x;
/// the others have one number a channel, group normalisation perhaps one a group (ONNX before opset 21).
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

    public var name: String {
        switch groups {
        case .trailingAxes: subtractsMean ? "LayerNormalization" : "RMSNormalization"
        case .channels(nil): "InstanceNormalization"
        case .channels: "GroupNormalization"
        }
    }

    public func reads(for slot: Int) -> Reads {
        switch slot {
        case 0: Reads(operands: [0, 1])
        case 1: Reads(operands: [0])
        default: Reads()
        }
    }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...3)
        _ = try rows(of: operands[0])
        guard operands.dropFirst().allSatisfy({ stretching($0, to: operands[0]) != nil }) else {
            let layer = if case .trailingAxes = groups { true } else { false }
            throw OperatorError.shapes(
                operation: name, operands: operands,
                requirement: layer
                    ? "scale and shift have to stretch to the first"
                    : "scale and shift have one number a channel, or in group normalisation a group")
        }
        return operands[0]
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        _ = try shape(of: operands.map(\.shape))
        let x = try operands[0].tensor
        var y = try standardized(x).value.reshaped(x.shape)
        if operands.count > 1 { y = stretch(try operands[1].tensor, over: y) { $0 * $1 } }
        if operands.count > 2 { y = stretch(try operands[2].tensor, over: y) { $0 + $1 } }
        return Evaluation(y)
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        switch slot {
        case 0: return ScaledTensor(try symmetric(try scaled(cotangent, at: point), at: point))
        case 1:
            let value = try standardized(point.tensor(0)).value.reshaped(point.resultShape)
            let products = Scalar.kernels.multiply(cotangent, value)
            return ScaledTensor(try sum(products, to: point.shapes[1]))
        default: return ScaledTensor(try sum(cotangent, to: point.shapes[2]))
        }
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        switch slot {
        case 0: return ScaledTensor(try scaled(try symmetric(tangent, at: point), at: point))
        case 1:
            let value = try standardized(point.tensor(0)).value.reshaped(point.resultShape)
            return ScaledTensor(stretch(tangent, over: value) { $0 * $1 })
        default: return ScaledTensor(stretch(tangent, over: Tensor(zeros: point.resultShape)) { $0 + $1 })
        }
    }
}

// x̂, a row of a matrix for each group.
extension Standardization {
    private func rows(of shape: Shape) throws -> Shape {
        switch groups {
        case .trailingAxes(let first):
            let axis = try axis(first, of: shape)
            return Shape(axes: [shape.count(of: ..<axis), shape.count(of: axis...)])
        case .channels(let groups):
            let groups = groups ?? max(1, shape.channels)
            guard shape.rank >= 2, (1...max(1, shape[1])).contains(groups), shape[1].isMultiple(of: groups)
            else {
                throw OperatorError.attribute(
                    operation: name, attribute: "num_groups", value: "\(groups)",
                    requirement: "the channels of an operand of shape \(shape) have to divide into groups")
            }
            let count = shape[0] * groups
            return Shape(axes: [count, count == 0 ? 0 : shape.count / count])
        }
    }

    /// x̂ and 1/√(variance + ε), a row for each group: recomputed for derivatives rather than kept.
    private func standardized<Scalar: KernelScalar>(
        _ x: Tensor<Scalar>
    ) throws -> (value: Tensor<Scalar>, inverseDeviation: Tensor<Scalar>) {
        Scalar.kernels.standardize(
            rows: x.reshaped(try rows(of: x.shape)), epsilon: epsilon, subtractsMean: subtractsMean)
    }

    /// ∂x̂/∂x times v: with s = 1/√(variance + ε) it is s(1 − x̂x̂ᵀ/n), of centred vectors where the mean is subtracted, and
    /// symmetric.
    private func symmetric<Scalar: KernelScalar>(
        _ v: Tensor<Scalar>, at point: Point<Scalar>
    ) throws -> Tensor<Scalar> {
        let (value, inverse) = try standardized(point.tensor(0))
        return Scalar.kernels.standardizeDerivative(
            v.reshaped(value.shape), ofRows: value, inverseDeviation: inverse, subtractsMean: subtractsMean
        ).reshaped(point.resultShape)
    }
}

// Scale and shift.
extension Standardization {
    /// The shapes under which a parameter is stretched to x: that of x, its axes perhaps joined, and the parameter's own.
    private func stretching(_ parameter: Shape, to x: Shape) -> (x: Shape, parameter: Shape)? {
        switch groups {
        case .trailingAxes: return Shape.broadcast(parameter, x) == x ? (x, parameter) : nil
        case .channels(let groups):
            if parameter == Shape(axes: [x[1]]) { return (x, x.channelsAlone) }
            guard let groups, parameter == Shape(axes: [groups]) else { return nil }
            return (
                Shape(axes: [x[0], groups, x.count(of: 1...) / groups]), Shape(axes: [1, groups, 1])
            )
        }
    }

    private func stretch<Scalar: KernelScalar>(
        _ parameter: Tensor<Scalar>, over x: Tensor<Scalar>, _ f: @escaping (Double, Double) -> Double
    ) -> Tensor<Scalar> {
        guard let shapes = stretching(parameter.shape, to: x.shape) else {
            preconditionFailure("\(parameter.shape) over \(x.shape)")
        }
        return Scalar.kernels.broadcast(
            x.reshaped(shapes.x), parameter.reshaped(shapes.parameter), to: shapes.x, f
        ).reshaped(x.shape)
    }

    /// The transpose of stretching a parameter.
    private func sum<Scalar: KernelScalar>(_ x: Tensor<Scalar>, to parameter: Shape) throws -> Tensor<Scalar>
    {
        guard let shapes = stretching(parameter, to: x.shape) else {
            preconditionFailure("\(parameter) over \(x.shape)")
        }
        return Scalar.kernels.sum(x.reshaped(shapes.x), to: shapes.parameter).reshaped(parameter)
    }

    /// γ∘v.
    private func scaled<Scalar: KernelScalar>(
        _ v: Tensor<Scalar>, at point: Point<Scalar>
    ) throws -> Tensor<Scalar> {
        point.shapes.count > 1 ? stretch(try point.tensor(1), over: v) { $0 * $1 } : v
    }
}
