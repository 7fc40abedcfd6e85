import Kernels
import Tensors

/// Cross-correlation of (N, C, space) with filters (O, C/groups, kernel), plus a bias (O) where there is one; ONNX `Conv`.
///
/// Slot 0 is the map, slot 1 the filter, slot 2 the bias.
public struct Conv: Operator {
    public let window: ConvolutionWindow
    public let groups: Int

    public init(_ window: ConvolutionWindow, groups: Int = 1) {
        self.window = window
        self.groups = groups
    }

    public var name: String { "Conv" }
    public var role: OperatorRole { .product(slots: [0, 1]) }
    public func reads(for slot: Int) -> Reads { Reads(operands: slot < 2 ? [1 - slot] : []) }
    public func isLinear(in slots: [Int], of operands: Int) -> Bool { operands == 2 && slots.count == 1 }

    /// It normalises what it reads, a part of the batch at a time.
    public func fused(with producer: any Operator, in slot: Int, shapes: [Shape]) -> (any Operator)? {
        guard slot == 0, shapes.count == 2, let normalization = producer as? BatchNorm else { return nil }
        return WeightLayer(self)?.reading(through: normalization)
    }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 2...3)
        let (x, filter) = (operands[0], operands[1])
        func refuse(_ requirement: String) -> OperatorError {
            .shapes(operation: name, operands: operands, requirement: requirement)
        }
        guard x.rank == window.axes.count + 2, filter.rank == x.rank else {
            throw refuse(
                "a window of \(window.axes.count) axes needs maps and filters of \(window.axes.count + 2)")
        }
        guard Array(filter.axes.dropFirst(2)) == window.axes.map(\.kernel) else {
            throw refuse("the filter has to be as large as the window \(window.axes.map(\.kernel))")
        }
        guard groups > 0, x[1] == filter[1] * groups, filter[0].isMultiple(of: groups) else {
            throw refuse(
                "\(groups) groups need \(filter[1]) channels each, and filters that divide among them")
        }
        guard let outputs = window.outputs(of: Array(x.axes.dropFirst(2))) else {
            throw refuse("the window does not fit into the map")
        }
        if operands.count > 2, operands[2] != Shape(axes: [filter[0]]) {
            throw refuse("the bias has to be one number a filter")
        }
        return Shape(axes: [x[0], filter[0]] + outputs)
    }

    public func multiplyAdds(of operands: [Shape]) -> Int {
        guard let result = try? shape(of: operands) else { return 0 }
        return result.count * operands[1].count(of: 1...)
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let shape = try shape(of: operands.map(\.shape))
        let y = try correlate(try operands[0].tensor, with: try operands[1].tensor, to: shape)
        return Evaluation(operands.count > 2 ? ChannelBias.added(try operands[2].tensor, to: y) : y)
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        switch slot {
        case 0: return ScaledTensor(try transposed(cotangent, with: try point.tensor(1), to: point.shapes[0]))
        case 1:
            return ScaledTensor(try filterGradient(cotangent, at: try point.tensor(0), to: point.shapes[1]))
        default: return ChannelBias.vjp(cotangent, at: point)
        }
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        switch slot {
        case 0: return ScaledTensor(try correlate(tangent, with: try point.tensor(1), to: point.resultShape))
        case 1: return ScaledTensor(try correlate(try point.tensor(0), with: tangent, to: point.resultShape))
        default: return ChannelBias.jvp(tangent, at: point)
        }
    }
}

// As matrix products, a sample and a group at a time: Y = W·unfold(x). Every part of a batch is (C/groups, space) and every
// filter matrix (O/groups, C/groups·taps).
extension Conv {
    private func unfolding(_ x: Shape, _ y: Shape) -> Move {
        window.unfolding(
            channels: x[1] / groups, extents: Array(x.axes.dropFirst(2)), outputs: Array(y.axes.dropFirst(2)))
    }

    /// A batch as samples of one group each.
    private func parts<Scalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        let shape = x.shape
        return x.reshaped(Shape(axes: [shape[0] * groups, shape[1] / groups, shape.count(of: 2...)]))
    }

    /// The filters of a group as a matrix.
    private func matrix<Scalar>(_ filter: Tensor<Scalar>, ofGroup group: Int) -> Tensor<Scalar> {
        let (outputs, inputs) = (filter.shape[0] / groups, filter.shape.count(of: 1...))
        return filter.reshaped(Shape(axes: [groups, outputs, inputs])).samples(group..<group + 1)
    }

    private func columns(_ x: Shape, _ y: Shape) -> Shape {
        Shape(axes: [1, x[1] / groups * window.count, y.count(of: 2...)])
    }

    func correlate<Scalar: KernelScalar>(
        _ x: Tensor<Scalar>, with filter: Tensor<Scalar>, to shape: Shape
    ) throws -> Tensor<Scalar> {
        let (move, parts) = (unfolding(x.shape, shape), parts(x))
        let results = try (0..<parts.shape[0]).map { part in
            var unfolded = Tensor<Scalar>(zeros: columns(x.shape, shape))
            Scalar.kernels.copy(parts.samples(part..<part + 1), by: move, into: &unfolded)
            return try Scalar.kernels.matrixProducts(matrix(filter, ofGroup: part % groups), unfolded)
        }
        return Tensor(samples: results).reshaped(shape)
    }

    func transposed<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, with filter: Tensor<Scalar>, to shape: Shape
    ) throws -> Tensor<Scalar> {
        let (move, parts) = (unfolding(shape, cotangent.shape), parts(cotangent))
        let results = try (0..<parts.shape[0]).map { part in
            let unfolded = try Scalar.kernels.matrixProducts(
                matrix(filter, ofGroup: part % groups), parts.samples(part..<part + 1), transposingFirst: true
            )
            var folded = Tensor<Scalar>(zeros: Shape(axes: [1, shape[1] / groups, shape.count(of: 2...)]))
            Scalar.kernels.addBack(unfolded, by: move, into: &folded)
            return folded
        }
        return Tensor(samples: results).reshaped(shape)
    }

    func filterGradient<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, at x: Tensor<Scalar>, to shape: Shape
    ) throws -> Tensor<Scalar> {
        let (move, parts, cotangents) = (unfolding(x.shape, cotangent.shape), parts(x), parts(cotangent))
        var gradients = [Tensor<Scalar>?](repeating: nil, count: groups)
        for part in 0..<parts.shape[0] {
            var unfolded = Tensor<Scalar>(zeros: columns(x.shape, cotangent.shape))
            Scalar.kernels.copy(parts.samples(part..<part + 1), by: move, into: &unfolded)
            let product = try Scalar.kernels.matrixProducts(
                cotangents.samples(part..<part + 1), unfolded, transposingSecond: true)
            let sum = gradients[part % groups]
            gradients[part % groups] = sum.map { Scalar.kernels.combine($0, 1, product, 1) } ?? product
        }
        return Tensor(samples: gradients.compactMap(\.self)).reshaped(shape)
    }
}
