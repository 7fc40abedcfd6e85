import Kernels
import Operators
import Tensors

// Which operators a graph's become. What the catalogue reads as one operator is one here too; what ONNX has no operator
// for in the set that is written is put together from others.
extension NodeWriter {
    /// Writes what an operator makes of its operands.
    ///
    /// - Returns: the value's name; `nil` where ONNX has no form of it.
    /// - Throws: `OperatorError` where an operand has no such axis.
    mutating func value(of operation: any Operator, _ x: Operands) throws -> String? {
        switch operation {
        case is Identity: return node("Identity", x.names)
        case let dropout as Dropout: return self.dropout(dropout, x.names)
        case let formula as ExpressionOperator: return self.formula(formula, x.names)

        // Activations.
        case let gelu as Gelu:
            return node("Gelu", x.names, ["approximate": .string(gelu.approximation.rawValue)])
        case let swish as Swish: return self.swish(swish, x.names[0])
        case let clip as Clip: return self.clip(clip, x.names[0])
        case let leaky as LeakyRelu: return node("LeakyRelu", x.names, reals: ["alpha": leaky.alpha])
        case let elu as Elu: return node("Elu", x.names, reals: ["alpha": elu.alpha])
        case let selu as Selu:
            return node("Selu", x.names, reals: ["alpha": selu.alpha, "gamma": selu.gamma])
        case let rectifier as ThresholdedRelu:
            return node("ThresholdedRelu", x.names, reals: ["alpha": rectifier.alpha])
        case let shrink as Shrink:
            return node("Shrink", x.names, reals: ["lambd": shrink.lambda, "bias": shrink.bias])
        case let sigmoid as HardSigmoid:
            return node("HardSigmoid", x.names, reals: ["alpha": sigmoid.alpha, "beta": sigmoid.beta])
        // ONNX stretches slopes to x, and not x to them.
        case is PRelu: return x.shapes[0] == x.result ? node("PRelu", x.names) : nil

        // Sums of products.
        case let convolution as Conv:
            return node("Conv", x.names, convolution.window.attributes.adding("group", convolution.groups))
        case let convolution as ConvTranspose:
            let window = convolution.window.attributes.adding("group", convolution.groups)
            return node(
                "ConvTranspose", x.names,
                window.merging(["output_padding": .ints(convolution.outputPadding)]) { $1 })
        case let product as Gemm:
            return node(
                "Gemm", x.names,
                ["transA": .flag(product.transposesFirst), "transB": .flag(product.transposesSecond)],
                reals: ["alpha": product.alpha, "beta": product.beta])
        case let product as MatMul:
            return product.transposesFirst || product.transposesSecond ? nil : node("MatMul", x.names)

        // Pools.
        case let pool as MaxPool:
            return node("MaxPool", x.names, pool.window.attributes.adding("ceil_mode", pool.roundsUp ? 1 : 0))
        case let pool as AveragePool:
            let window = pool.window.attributes.adding("ceil_mode", pool.roundsUp ? 1 : 0)
            return node(
                "AveragePool", x.names, window.adding("count_include_pad", pool.countsPadding ? 1 : 0))

        // Normalisations.
        case let normalization as BatchNorm: return batchNormalization(normalization, x)
        case let standardization as Standardization: return self.standardization(standardization, x.names)
        case let softmax as Softmax: return node(softmax.name, x.names, ["axis": .int(softmax.axis)])

        // Reductions.
        case let sum as ReduceSum:
            return try reduction(sum, sum.isMean ? "ReduceMean" : "ReduceSum", sum.axes, x)
        case let norm as ReduceL2: return try reduction(norm, "ReduceL2", norm.axes, x)
        case let product as ReduceProd: return try reduction(product, "ReduceProd", product.axes, x)
        case let largest as ReduceMax: return try reduction(largest, "ReduceMax", largest.axes, x)
        case let smallest as ReduceMin: return try reduction(smallest, "ReduceMin", smallest.axes, x)
        case let sum as ReduceLogSumExp: return try reduction(sum, "ReduceLogSumExp", sum.axes, x)
        case let sum as CumSum:
            return node(
                "CumSum", [x.names[0], constant(.whole([sum.axis]), Shape(axes: []))],
                ["exclusive": .flag(sum.isExclusive), "reverse": .flag(sum.isReversed)])

        // Shapes and movements.
        case is Reshape: return reshape(x)
        case let transpose as Transpose:
            return node("Transpose", x.names, transpose.order.map { ["perm": .ints($0)] } ?? [:])
        case let concatenation as Concat: return node("Concat", x.names, ["axis": .int(concatenation.axis)])
        case let slice as Slice: return self.slice(slice.ranges, x.names[0])
        case let pad as Pad: return self.pad(pad, x.names[0])
        case let expand as Expand: return node("Expand", [x.names[0], wholes(expand.target.axes)])
        case let tile as Tile: return node("Tile", [x.names[0], wholes(tile.repeats)])
        case let triangle as Trilu:
            return node(
                "Trilu", [x.names[0], constant(.whole([triangle.offset]), Shape(axes: []))],
                ["upper": .flag(triangle.isUpper)])
        case let gather as Gather: return node("Gather", x.names, ["axis": .int(gather.axis)])
        case let gather as GatherElements:
            return node("GatherElements", x.names, ["axis": .int(gather.axis)])
        case let gather as GatherND: return node("GatherND", x.names, ["batch_dims": .int(gather.batchAxes)])
        case let depth as DepthToSpace:
            return node(
                "DepthToSpace", x.names,
                ["blocksize": .int(depth.size), "mode": .string(depth.order.rawValue)])

        default:
            return operation.isBuiltIn && Self.plain.contains(operation.name)
                ? node(operation.name, x.names) : nil
        }
    }

    /// Operators that have ONNX's names and no attributes.
    private static let plain: Set = [
        "Relu", "Sigmoid", "Tanh", "Softplus", "Softsign", "Mish", "HardSwish",
        "Neg", "Abs", "Reciprocal", "Sqrt", "Exp", "Log", "Erf", "Sign", "Floor", "Ceil", "Round",
        "Sin", "Cos", "Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh", "Asinh", "Acosh", "Atanh",
        "Add", "Sub", "Sum", "Mean", "Mul", "Div", "Pow", "Max", "Min",
    ]
}

// Those that take more than a line.
extension NodeWriter {
    /// x∘m/(1 − p).
    private mutating func dropout(_ dropout: Dropout, _ operands: [String]) -> String {
        let kept = node("Mul", operands)
        guard dropout.rescales else { return kept }
        return node("Mul", [kept, number(1 / (1 - dropout.dropProbability))])
    }

    /// x·σ(αx).
    private mutating func swish(_ swish: Swish, _ x: String) -> String {
        let inner = swish.alpha == 1 ? x : node("Mul", [x, number(swish.alpha)])
        return node("Mul", [x, node("Sigmoid", [inner])])
    }

    private mutating func clip(_ clip: Clip, _ x: String) -> String {
        let lowest = clip.lowest == -.infinity ? "" : number(clip.lowest)
        guard clip.highest != .infinity else { return node("Clip", lowest.isEmpty ? [x] : [x, lowest]) }
        return node("Clip", [x, lowest, number(clip.highest)])
    }

    /// In training mode ONNX asks for running statistics that it could follow: those of a network that has not begun.
    private mutating func batchNormalization(_ normalization: BatchNorm, _ x: Operands) -> String? {
        guard !normalization.isRectified else { return nil }
        let epsilon = ["epsilon": normalization.epsilon]
        guard normalization.statistics == .batch else {
            return node("BatchNormalization", x.names, reals: epsilon)
        }
        let channels = x.shapes[1].count
        let running = [
            initializer(result + ".running_mean", repeating: 0, count: channels),
            initializer(result + ".running_var", repeating: 1, count: channels),
        ]
        return node(
            "BatchNormalization", x.names.prefix(3) + running, ["training_mode": .int(1)], reals: epsilon,
            further: ["mean", "variance"])
    }

    /// Layer and instance normalisation; the others came with later sets of operators, or had other scales.
    private mutating func standardization(_ standardization: Standardization, _ operands: [String]) -> String?
    {
        guard standardization.subtractsMean else { return nil }
        let epsilon = ["epsilon": standardization.epsilon]
        switch standardization.groups {
        case .trailingAxes(let first) where operands.count > 1:
            return node("LayerNormalization", operands, ["axis": .int(first)], reals: epsilon)
        case .channels(nil) where operands.count == 3:
            return node("InstanceNormalization", operands, reals: epsilon)
        default: return nil
        }
    }

    private mutating func reduction(
        _ operation: some Operator, _ type: String, _ axes: ReducedAxes, _ x: Operands
    ) throws -> String {
        let places = try axes.resolved(in: x.shapes[0], for: operation).sorted()
        guard !places.isEmpty else { return node("Identity", x.names) }
        return node(type, [x.names[0], wholes(places)], ["keepdims": .flag(axes.keeps)])
    }

    /// The number of samples is taken from the operand where it is the same.
    private mutating func reshape(_ x: Operands) -> String {
        var extents = x.result.axes
        let isEmpty = extents.contains(0)
        if !isEmpty, x.shapes[0].rank > 0, extents.first == x.shapes[0][0] { extents[0] = 0 }
        return node("Reshape", [x.names[0], wholes(extents)], isEmpty ? ["allowzero": .int(1)] : [:])
    }

    private mutating func slice(_ ranges: [Slice.Range], _ x: String) -> String {
        let places = [ranges.map(\.start), ranges.map(\.end), ranges.map(\.axis), ranges.map(\.step)]
        return node("Slice", [x] + places.map { wholes($0) })
    }

    private mutating func pad(_ pad: Pad, _ x: String) -> String {
        let counts = wholes(pad.before + pad.after)
        return node(
            "Pad", [x, counts] + (pad.fill == 0 ? [] : [number(pad.fill)]),
            ["mode": .string(pad.mode.rawValue)])
    }
}

extension ConvolutionWindow {
    /// As nodes of windows have them.
    fileprivate var attributes: [String: Attribute] {
        [
            "kernel_shape": .ints(axes.map(\.kernel)), "strides": .ints(axes.map(\.stride)),
            "dilations": .ints(axes.map(\.dilation)), "pads": .ints(axes.map(\.before) + axes.map(\.after)),
        ]
    }
}

extension [String: Attribute] {
    fileprivate func adding(_ name: String, _ number: Int) -> [String: Attribute] {
        merging([name: .int(number)]) { $1 }
    }
}

extension Attribute {
    fileprivate static func flag(_ flag: Bool) -> Attribute { .int(flag ? 1 : 0) }
}
