import Kernels
import Tensors

/// The transpose of a convolution with respect to its map, as a layer of its own; ONNX `ConvTranspose`.
///
/// Slot 0 is the map (N, C, space), slot 1 the filter (C, O/groups, kernel), slot 2 the bias (O) where there is one.
public struct ConvTranspose: Operator {
    public let window: ConvolutionWindow
    public let groups: Int
    /// Added to the extents of space, at their ends; it settles which of the sizes that a stride leads to is meant.
    public let outputPadding: [Int]

    public init(_ window: ConvolutionWindow, groups: Int = 1, outputPadding: [Int]? = nil) {
        self.window = window
        self.groups = groups
        self.outputPadding = outputPadding ?? window.axes.map { _ in 0 }
    }

    public var name: String { "ConvTranspose" }
    public var slidingWindow: ConvolutionWindow? { window }
    public var role: OperatorRole { .product(slots: [0, 1]) }
    public func reads(for slot: Int) -> Reads { Reads(operands: slot < 2 ? [1 - slot] : []) }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 2...3)
        let (x, filter) = (operands[0], operands[1])
        func refuse(_ requirement: String) -> OperatorError {
            .shapes(operation: name, operands: operands, requirement: requirement)
        }
        guard x.rank == window.axes.count + 2, filter.rank == x.rank, window.axes.allSatisfy(\.isPossible),
            Array(filter.axes.dropFirst(2)) == window.axes.map(\.kernel)
        else { throw refuse("a window of \(window.axes.map(\.kernel)) needs a filter of that size") }
        try require(window)
        // More would be the result of an operand of another shape.
        guard outputPadding.count == window.axes.count,
            zip(outputPadding, window.axes).allSatisfy({ $0 >= 0 && $0 < $1.stride })
        else {
            throw OperatorError.attribute(
                operation: name, attribute: "output_padding", value: "\(outputPadding)",
                requirement: "each has to be less than the stride")
        }
        guard groups > 0, x[1] == filter[0], x[1].isMultiple(of: groups) else {
            throw refuse("the channels have to divide into \(groups) groups, with a filter each")
        }
        let extents = window.axes.indices.map {
            window.axes[$0].inputs(for: x[$0 + 2], extra: outputPadding[$0])
        }
        guard extents.allSatisfy({ $0 > 0 }) else { throw refuse("nothing is left of the map") }
        let outputs = Shape.boundedProduct(filter[1], groups)
        if operands.count > 2, operands[2] != Shape(axes: [outputs]) {
            throw refuse("the bias has to be one number a filter")
        }
        return try result([x[0], outputs] + extents, of: operands)
    }

    public func multiplyAdds(of operands: [Shape]) -> Int {
        Shape.boundedProduct(operands[0].count, operands[1].count(of: 1...))
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let shape = try shape(of: operands.map(\.shape))
        let (x, filter) = (try operands[0].tensor, try operands[1].tensor)
        let y = try Scalar.kernels.convolutionPullback(x, filter, geometry(to: shape, x.shape))
        return Evaluation(operands.count > 2 ? ChannelBias.added(try operands[2].tensor, to: y) : y)
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let (kernels, geometry) = (Scalar.kernels, geometry(to: point.resultShape, point.shapes[0]))
        switch slot {
        case 0: return ScaledTensor(try kernels.convolution(cotangent, try point.tensor(1), geometry))
        case 1:
            // ⟨c, Wᵀx⟩ = ⟨W c, x⟩: x stands where a convolution's cotangent would.
            return ScaledTensor(
                try kernels.convolutionFilterGradient(try point.tensor(0), at: cotangent, geometry))
        default: return ChannelBias.vjp(cotangent, at: point)
        }
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let (kernels, geometry) = (Scalar.kernels, geometry(to: point.resultShape, point.shapes[0]))
        switch slot {
        case 0: return ScaledTensor(try kernels.convolutionPullback(tangent, try point.tensor(1), geometry))
        case 1: return ScaledTensor(try kernels.convolutionPullback(try point.tensor(0), tangent, geometry))
        default: return ChannelBias.jvp(tangent, at: point)
        }
    }

    /// The convolution that it is the transpose of: from the result's shape to the operand's.
    private func geometry(to result: Shape, _ x: Shape) -> ConvolutionGeometry {
        ConvolutionGeometry(input: result, outputChannels: x[1], window: window, groups: groups)
    }
}
