import Expressions
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
        elementwise + expressions + arithmetic + movements + linear + transposedConvolutions + reductions
        + normalizations
        + pools + contractions + attentions + resamplings

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
        OperatorCase("celu", Celu(alpha: 0.7)),
        OperatorCase("thresholded-relu", ThresholdedRelu(alpha: 0.3)),
        OperatorCase("shrink", Shrink(lambda: 0.4, bias: 0.4)),
        OperatorCase("swish", Swish()), OperatorCase("swish-1.7", Swish(alpha: 1.7)),
        OperatorCase("softsign", Softsign()), OperatorCase("mish", Mish()),
        OperatorCase("tan", Tan()), OperatorCase("asin", Asin()), OperatorCase("acos", Acos()),
        OperatorCase("atan", Atan()), OperatorCase("sinh", Sinh()), OperatorCase("cosh", Cosh()),
        OperatorCase("asinh", Asinh()), OperatorCase("acosh", Acosh()), OperatorCase("atanh", Atanh()),
    ]
    /// Formulas; each is the name of its fixture.
    static let expressions: [OperatorCase] = OperatorFixture.family("expressions").map { fixture in
        do {
            return OperatorCase(
                fixture.name, try ExpressionOperator(ExpressionReader().expression(fixture.name)))
        } catch { preconditionFailure("\(error)") }
    }
    static let arithmetic = [
        OperatorCase("add", Add()), OperatorCase("add-broadcast", Add()),
        OperatorCase("sub-both-stretched", Add.subtracting), OperatorCase("add-scalar", Add()),
        OperatorCase("mul", Mul()), OperatorCase("mul-broadcast", Mul()),
        OperatorCase("mul-both-stretched", Mul()), OperatorCase("div", Div()), OperatorCase("pow", Pow()),
        OperatorCase("square", Pow()), OperatorCase("prelu", PRelu()), OperatorCase("max", Max()),
        OperatorCase("min-broadcast", Min()), OperatorCase("max-of-three", Max()),
        OperatorCase("max-tied", Max()), OperatorCase("min-tied", Min()),
        OperatorCase("sum-of-three", Add.ofAny), OperatorCase("mean-of-three", Add.mean),
        OperatorCase("mod", Mod()), OperatorCase("mod-truncating", Mod(truncates: true)),
        OperatorCase("dropout", Dropout(dropProbability: 0.3)),
        OperatorCase("dropout-unscaled", Dropout(dropProbability: 0.3, rescales: false)),
    ]
    static let movements = [
        OperatorCase("transpose", Transpose()),
        OperatorCase("transpose-order", Transpose(order: [2, 0, 3, 1])),
        OperatorCase("reshape", Reshape([0, -1, 2])),
        OperatorCase("reshape-zero", Reshape([0, 3], zeroCopies: false)),
        OperatorCase("flatten", Reshape.flatten()), OperatorCase("flatten-all", Reshape.flatten(from: 0)),
        OperatorCase("squeeze", Reshape.squeeze()), OperatorCase("squeeze-axis", Reshape.squeeze([-1])),
        OperatorCase("unsqueeze", Reshape.unsqueeze([-1, 1])), OperatorCase("cast", Cast(to: .real)),
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
        OperatorCase("trilu", Trilu()), OperatorCase("trilu-lower", Trilu(upper: false, offset: -1)),
        OperatorCase("gather-nd", GatherND()), OperatorCase("gather-nd-batch", GatherND(batchAxes: 1)),
        OperatorCase("scatter-elements", ScatterElements(axis: 1)),
        OperatorCase("scatter-elements-added", ScatterElements(axis: 1, accumulating: true)),
        OperatorCase("scatter-nd-added", ScatterND(accumulating: true)),
        OperatorCase("depth-to-space", DepthToSpace(size: 2, order: .columnRowDepth)),
        OperatorCase("top-k", TopK(2)), OperatorCase("top-k-smallest", TopK(3, axis: 1, largest: false)),
    ]
    static let linear = [
        OperatorCase("matmul", MatMul()), OperatorCase("matmul-stretched", MatMul()),
        OperatorCase("matmul-vector-left", MatMul()), OperatorCase("matmul-vector-right", MatMul()),
        OperatorCase("matmul-vectors", MatMul()),
        OperatorCase("matmul-transposed-first", MatMul(transposesFirst: true)),
        OperatorCase("matmul-transposed-second", MatMul(transposesSecond: true)),
        OperatorCase("matmul-transposed-both", MatMul(transposesFirst: true, transposesSecond: true)),
        OperatorCase("matmul-transposed-vector", MatMul(transposesFirst: true, transposesSecond: true)),
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
        OperatorCase("reduce-prod", ReduceProd(ReducedAxes([1], keeping: false))),
        OperatorCase("reduce-log-sum-exp", ReduceLogSumExp(ReducedAxes([0, 2]))),
        OperatorCase("cumsum", CumSum(axis: 1)),
        OperatorCase("cumsum-reversed", CumSum(axis: -2, exclusive: true, reversed: true)),
        OperatorCase("reduce-l2", ReduceL2(ReducedAxes([-1]))),
        OperatorCase("global-average-pool", ReduceSum(.space, isMean: true)),
        OperatorCase("global-max-pool", ReduceMax(.space)),
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
        OperatorCase("layer-normalization", Standardization(over: .trailingAxes(from: -2))),
        OperatorCase(
            "layer-normalization-no-shift", Standardization(over: .trailingAxes(from: -1), epsilon: 0)),
        OperatorCase(
            "rms-normalization",
            Standardization(over: .trailingAxes(from: -1), epsilon: 1e-6, subtractsMean: false)),
        OperatorCase("group-normalization", Standardization(over: .channels(groups: 2))),
        OperatorCase("group-normalization-by-group", Standardization(over: .channels(groups: 2))),
        OperatorCase("instance-normalization", Standardization(over: .channels(groups: nil))),
    ]
    static let pools = [
        OperatorCase("max-pool", MaxPool(square(kernel: 3, stride: 2, padding: 1))),
        OperatorCase("max-pool-dilated", MaxPool(.init([.init(kernel: 2, dilation: 2), .init(kernel: 3)]))),
        OperatorCase("average-pool", AveragePool(square(kernel: 2, stride: 2, padding: 0))),
        OperatorCase("average-pool-padded", AveragePool(square(kernel: 3, stride: 2, padding: 1))),
        OperatorCase(
            "average-pool-counted", AveragePool(square(kernel: 3, stride: 2, padding: 1), countsPadding: true)
        ),
        OperatorCase("max-pool-out", MaxPool(square(kernel: 3, stride: 2, padding: 1), roundsUp: true)),
        OperatorCase(
            "average-pool-out", AveragePool(square(kernel: 3, stride: 2, padding: 1), roundsUp: true)),
        OperatorCase(
            "average-pool-none-out", AveragePool(square(kernel: 2, stride: 3, padding: 1), roundsUp: true)),
        OperatorCase(
            "average-pool-out-counted",
            AveragePool(square(kernel: 3, stride: 2, padding: 1), countsPadding: true, roundsUp: true)),
        OperatorCase(
            "average-pool-larger", AveragePool(square(kernel: 3, stride: 2, padding: 0), roundsUp: true)),
        OperatorCase("reduce-max", ReduceMax(ReducedAxes([1], keeping: false))),
        OperatorCase("reduce-min", ReduceMin(ReducedAxes([1], keeping: false))),
        OperatorCase("batch-norm-batch", BatchNorm(.batch)),
        OperatorCase("batch-norm-running", BatchNorm(.running)),
    ]

    static let contractions = [
        ("einsum-weights", "n,btnd->btd"), ("einsum-heads", "bqhd,bkhd->bhqk"),
        ("einsum-ellipsis", "...ij, jk -> ...ik"), ("einsum-stretched", "...ij,...jk->...ik"),
        ("einsum-implicit", "ba,cb"), ("einsum-permutation", "b...d->d...b"), ("einsum-trace", "bii->b"),
        ("einsum-diagonal", "iji,j->ij"), ("einsum-sums", "bij,k->b"), ("einsum-outer", "i,j->ij"),
        ("einsum-three", "bi,bj,ijk->bk"),
    ].compactMap { name, equation in (try? Einsum(equation)).map { OperatorCase(name, $0) } }
    static let attentions = [
        OperatorCase("attention", Attention()),
        OperatorCase("attention-causal", Attention(isCausal: true)),
        OperatorCase("attention-condition", Attention(mask: .condition)),
        OperatorCase("attention-bias", Attention(scale: 0.3, mask: .addend)),
        OperatorCase("attention-softcap", Attention(mask: .addend, isCausal: true, softcap: 0.8)),
        OperatorCase("attention-grouped", Attention(mask: .addend)),
        OperatorCase("attention-three-axes", Attention(heads: .init(queries: 4, keys: 2), isCausal: true)),
    ]
    static let resamplings = [
        OperatorCase(
            "resize-nearest",
            Resize(to: .scales([1, 1, 2, 3]), mode: .nearest(.floor), coordinates: .asymmetric)),
        OperatorCase(
            "resize-nearest-fewer",
            Resize(to: .extents([1, 2, 3, 2]), mode: .nearest(.floor), coordinates: .asymmetric)),
        OperatorCase(
            "resize-nearest-exact",
            Resize(to: .extents([7, 3]), axes: [2, 3], mode: .nearest(.roundPreferCeil))),
        OperatorCase("resize-linear", Resize(to: .extents([3, 7]), axes: [-1, -2], mode: .linear)),
        OperatorCase(
            "resize-linear-scales",
            Resize(to: .scales([2.5, 0.5]), axes: [2, 3], mode: .linear, coordinates: .pytorchHalfPixel)),
        OperatorCase("resize-linear-one-axis", Resize(to: .extents([8]), axes: [2], mode: .linear)),
        OperatorCase(
            "resize-linear-aligned",
            Resize(to: .extents([7, 3]), axes: [2, 3], mode: .linear, coordinates: .alignCorners)),
        OperatorCase("resize-cubic", Resize(to: .extents([7, 3]), axes: [2, 3], mode: .cubic())),
        OperatorCase(
            "resize-cubic-aligned",
            Resize(to: .extents([2, 9]), axes: [2, 3], mode: .cubic(), coordinates: .alignCorners)),
        OperatorCase(
            "resize-linear-asymmetric",
            Resize(to: .extents([7]), axes: [2], mode: .linear, coordinates: .asymmetric)),
    ]

    private static func square(kernel: Int, stride: Int, padding: Int) -> ConvolutionWindow {
        ConvolutionWindow(
            [0, 1].map { _ in .init(kernel: kernel, stride: stride, before: padding, after: padding) })
    }
}
