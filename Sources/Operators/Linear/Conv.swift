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
    public var slidingWindow: ConvolutionWindow? { window }
    public var role: OperatorRole { .product(slots: [0, 1]) }
    public func reads(for slot: Int) -> Reads { Reads(operands: slot < 2 ? [1 - slot] : []) }
    public func isLinear(in slots: [Int], of operands: Int) -> Bool { operands == 2 && slots.count == 1 }

    /// It normalises what it reads, a part of the batch at a time.
    public func fused(
        with producer: any Operator, of inner: [Shape], in slot: Int, shapes: [Shape]
    ) -> (any Operator)? {
        guard slot == 0, shapes.count == 2, let normalization = producer as? BatchNorm else { return nil }
        return WeightLayer(self, readingThrough: normalization)
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
        try require(window)
        guard Array(filter.axes.dropFirst(2)) == window.axes.map(\.kernel) else {
            throw refuse("the filter has to be as large as the window \(window.axes.map(\.kernel))")
        }
        guard groups > 0, x[1] == Shape.boundedProduct(filter[1], groups), filter[0].isMultiple(of: groups)
        else {
            throw refuse(
                "\(groups) groups need \(filter[1]) channels each, and filters that divide among them")
        }
        guard let outputs = window.outputs(of: Array(x.axes.dropFirst(2))) else {
            throw refuse("the window does not fit into the map")
        }
        if operands.count > 2, operands[2] != Shape(axes: [filter[0]]) {
            throw refuse("the bias has to be one number a filter")
        }
        return try result([x[0], filter[0]] + outputs, of: operands)
    }

    public func multiplyAdds(of operands: [Shape]) -> Int {
        guard let result = try? shape(of: operands) else { return 0 }
        return Shape.boundedProduct(result.count, operands[1].count(of: 1...))
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        _ = try shape(of: operands.map(\.shape))
        let (x, filter) = (try operands[0].tensor, try operands[1].tensor)
        let y = try Scalar.kernels.convolution(x, filter, geometry(x.shape, filter.shape))
        return Evaluation(operands.count > 2 ? ChannelBias.added(try operands[2].tensor, to: y) : y)
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let (kernels, geometry) = (Scalar.kernels, geometry(point.shapes[0], point.shapes[1]))
        switch slot {
        case 0:
            return ScaledTensor(try kernels.convolutionPullback(cotangent, try point.tensor(1), geometry))
        case 1:
            return ScaledTensor(
                try kernels.convolutionFilterGradient(cotangent, at: try point.tensor(0), geometry))
        default: return ChannelBias.vjp(cotangent, at: point)
        }
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let (kernels, geometry) = (Scalar.kernels, geometry(point.shapes[0], point.shapes[1]))
        switch slot {
        case 0: return ScaledTensor(try kernels.convolution(tangent, try point.tensor(1), geometry))
        case 1: return ScaledTensor(try kernels.convolution(try point.tensor(0), tangent, geometry))
        default: return ChannelBias.jvp(tangent, at: point)
        }
    }

    func geometry(_ x: Shape, _ filter: Shape) -> ConvolutionGeometry {
        ConvolutionGeometry(input: x, outputChannels: filter[0], window: window, groups: groups)
    }
}

extension Operator {
    /// Checks that kernels have such a window.
    ///
    /// - Throws: `OperatorError.attribute`.
    func require(_ window: ConvolutionWindow) throws(OperatorError) {
        let axes = window.axes
        guard (1...3).contains(axes.count) else {
            throw .attribute(
                operation: name, attribute: "kernel_shape", value: "\(axes.map(\.kernel))",
                requirement: "there can be one to three axes of space")
        }
        guard axes.allSatisfy({ $0.before >= 0 && $0.after >= 0 }) else {
            throw .attribute(
                operation: name, attribute: "pads", value: "\(axes.map(\.before) + axes.map(\.after))",
                requirement: "none may be negative")
        }
    }
}
