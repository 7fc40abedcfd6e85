import Kernels
import Operators
import Tensors

/// An operation with its attributes, under the name of its fixture.
struct OperatorCase: Sendable {
    let name: String
    let operation: any Operator

    init(_ name: String, _ operation: any Operator) {
        self.name = name
        self.operation = operation
    }

    static let all: [OperatorCase] =
        elementwise + arithmetic + movements + linear + transposedConvolutions + reductions + normalizations
        + pools

    static func named(_ name: String) -> OperatorCase? { all.first { $0.name == name } }
}

extension OperatorCase {
    static let elementwise = [
        OperatorCase("relu", Relu()), OperatorCase("leaky-relu", LeakyRelu()),
        OperatorCase("leaky-relu-0.2", LeakyRelu(alpha: 0.2)), OperatorCase("elu", Elu(alpha: 0.7)),
        OperatorCase("selu", Selu()), OperatorCase("relu6", Clip(0...6)),
        OperatorCase("clip-below", Clip(-0.3...Double.infinity)),
        OperatorCase("hard-sigmoid", HardSigmoid(alpha: 1.0 / 6)), OperatorCase("hard-swish", HardSwish()),
        OperatorCase("gelu", Gelu()), OperatorCase("gelu-tanh", Gelu(approximation: .tanh)),
        OperatorCase("tanh", Tanh()), OperatorCase("softplus", Softplus()), OperatorCase("erf", Erf()),
        OperatorCase("sigmoid", Sigmoid()), OperatorCase("sigmoid-shut", Sigmoid()),
        OperatorCase("neg", Neg()), OperatorCase("abs", Abs()), OperatorCase("reciprocal", Reciprocal()),
        OperatorCase("sqrt", Sqrt()), OperatorCase("exp", Exp()), OperatorCase("log", Log()),
        OperatorCase("sin", Sin()), OperatorCase("cos", Cos()),
    ]
    static let arithmetic = [
        OperatorCase("add", Add()), OperatorCase("add-broadcast", Add()),
        OperatorCase("sub-both-stretched", Add.subtracting), OperatorCase("add-scalar", Add()),
        OperatorCase("mul", Mul()), OperatorCase("mul-broadcast", Mul()),
        OperatorCase("mul-both-stretched", Mul()), OperatorCase("div", Div()), OperatorCase("pow", Pow()),
        OperatorCase("square", Pow()), OperatorCase("prelu", PRelu()), OperatorCase("max", Max()),
        OperatorCase("min-broadcast", Min()),
    ]
    static let movements = [
        OperatorCase("transpose", Transpose()),
        OperatorCase("transpose-order", Transpose(order: [2, 0, 3, 1])),
        OperatorCase("reshape", Reshape([0, -1, 2])),
        OperatorCase(
            "slice",
            Slice([
                .init(axis: 1, start: 1, end: .max, step: 2), .init(axis: -1, start: -1, end: .min, step: -2),
            ])),
        OperatorCase("split-part", Slice([.init(axis: 2, start: 2, end: 4)])),
        OperatorCase("concat", Concat(axis: 1)), OperatorCase("expand", Expand(to: Shape(axes: [4, 1, 5]))),
        OperatorCase("tile", Tile([2, 1, 3])),
        OperatorCase("pad", Pad(before: [0, 1, 2], after: [0, 0, 1])),
        OperatorCase("pad-crop", Pad(before: [0, -1, 2], after: [0, 1, -1], fill: 0.5)),
        OperatorCase("pad-reflect", Pad(before: [0, 0, 2], after: [0, 0, 3], mode: .reflect)),
        OperatorCase("pad-edge", Pad(before: [0, 0, 2], after: [0, 0, 7], mode: .edge)),
        OperatorCase("pad-wrap", Pad(before: [0, 0, 2], after: [0, 0, 3], mode: .wrap)),
        OperatorCase("gather", Gather(axis: 1)), OperatorCase("gather-scalar", Gather(axis: 2)),
        OperatorCase("gather-elements", GatherElements(axis: 1)), OperatorCase("where", Where()),
        OperatorCase("scatter-nd", ScatterND()), OperatorCase("scatter-nd-points", ScatterND()),
        OperatorCase("depth-to-space", DepthToSpace(size: 2, order: .columnRowDepth)),
        OperatorCase("top-k", TopK(2)), OperatorCase("top-k-smallest", TopK(3, axis: 1, largest: false)),
    ]
    static let linear = [
        OperatorCase("matmul", MatMul()), OperatorCase("matmul-stretched", MatMul()),
        OperatorCase("matmul-vector-left", MatMul()), OperatorCase("matmul-vector-right", MatMul()),
        OperatorCase("matmul-vectors", MatMul()),
        OperatorCase("gemm", Gemm(alpha: 0.7, beta: -1.3)), OperatorCase("gemm-no-third", Gemm()),
        OperatorCase("gemm-transposed-second", Gemm(transposesSecond: true)),
        OperatorCase("gemm-transposed-first", Gemm(transposesFirst: true)),
        OperatorCase("gemm-transposed-both", Gemm(transposesFirst: true, transposesSecond: true)),
        OperatorCase(
            "conv",
            Conv(.init([.init(kernel: 3, before: 1, after: 1), .init(kernel: 3, before: 1, after: 1)]))),
        OperatorCase(
            "conv-strided-dilated",
            Conv(
                .init([
                    .init(kernel: 2, stride: 2, dilation: 3, before: 1, after: 1),
                    .init(kernel: 3, stride: 1, dilation: 2),
                ]))),
        OperatorCase(
            "conv-groups",
            Conv(.init([.init(kernel: 3, stride: 2, before: 1, after: 1), .init(kernel: 1)]), groups: 2)),
        OperatorCase(
            "conv-depthwise",
            Conv(
                .init([.init(kernel: 3, before: 1, after: 1), .init(kernel: 3, before: 1, after: 1)]),
                groups: 4)),
        OperatorCase("conv-1d", Conv(.init([.init(kernel: 3, before: 2)]))),
        OperatorCase(
            "conv-uneven", Conv(.init([.init(kernel: 3, before: 0, after: 2), .init(kernel: 2, before: 1)]))),
    ]
    static let transposedConvolutions = [
        OperatorCase("conv-transpose", ConvTranspose(square(kernel: 3, stride: 2, padding: 1))),
        OperatorCase(
            "conv-transpose-groups",
            ConvTranspose(
                .init([.init(kernel: 3, stride: 2, dilation: 2, before: 1, after: 1), .init(kernel: 2)]),
                groups: 2, outputPadding: [1, 0])),
    ]
    static let reductions = [
        OperatorCase("reduce-sum", ReduceSum(ReducedAxes([1]))),
        OperatorCase("reduce-sum-all", ReduceSum(ReducedAxes(nil, keeping: false))),
        OperatorCase("reduce-mean", ReduceSum(ReducedAxes([0, -1], keeping: false), isMean: true)),
        OperatorCase("reduce-l2", ReduceL2(ReducedAxes([-1]))),
    ]
    static let normalizations = [
        OperatorCase("softmax", Softmax()), OperatorCase("softmax-axis", Softmax(axis: 1)),
        OperatorCase("log-softmax", Softmax(isLogarithmic: true)),
        OperatorCase("standardize-layer", Standardization(over: .trailingAxes(from: -2))),
        OperatorCase(
            "standardize-rms",
            Standardization(over: .trailingAxes(from: -1), epsilon: 1e-6, subtractsMean: false)),
        OperatorCase("standardize-group", Standardization(over: .channels(groups: 2))),
        OperatorCase("standardize-instance", Standardization(over: .channels(groups: nil))),
    ]
    static let pools = [
        OperatorCase("max-pool", MaxPool(square(kernel: 3, stride: 2, padding: 1))),
        OperatorCase("max-pool-dilated", MaxPool(.init([.init(kernel: 2, dilation: 2), .init(kernel: 3)]))),
        OperatorCase("average-pool", AveragePool(square(kernel: 2, stride: 2, padding: 0))),
        OperatorCase("average-pool-padded", AveragePool(square(kernel: 3, stride: 2, padding: 1))),
        OperatorCase(
            "average-pool-counted", AveragePool(square(kernel: 3, stride: 2, padding: 1), countsPadding: true)
        ),
        OperatorCase("reduce-max", ReduceMax(ReducedAxes([1], keeping: false))),
        OperatorCase("batch-norm-batch", BatchNorm(.batch)),
        OperatorCase("batch-norm-running", BatchNorm(.running)),
    ]

    private static func square(kernel: Int, stride: Int, padding: Int) -> ConvolutionWindow {
        ConvolutionWindow(
            [0, 1].map { _ in .init(kernel: kernel, stride: stride, before: padding, after: padding) })
    }
}
