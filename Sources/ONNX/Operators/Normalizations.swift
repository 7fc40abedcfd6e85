import Kernels
import Operators
import Tensors

extension OperatorCatalogue {
    static let normalizations: [String: Translation] = [
        "BatchNormalization": Translation { try $0.batchNormalization() },
        "InstanceNormalization": .operation {
            Standardization(over: .channels(groups: nil), epsilon: try $0.epsilon())
        },
        // One scale a group before opset 21, one a channel from then on: shapes tell.
        "GroupNormalization": .operation {
            let groups = try $0.required("num_groups", $0.givenInt)
            return Standardization(over: .channels(groups: groups), epsilon: try $0.epsilon())
        },
        "LayerNormalization": .operation { try $0.standardization(subtractsMean: true) },
        "RMSNormalization": .operation { try $0.standardization(subtractsMean: false) },
        // ONNX Runtime's, in the domain of ONNX all the same.
        "SimplifiedLayerNormalization": .operation { try $0.standardization(subtractsMean: false) },
        "MeanVarianceNormalization": Translation { try $0.meanVarianceNormalization() },
        "LRN": Translation { try $0.localResponseNormalization() },
        "Softmax": Translation { try $0.alongRows { try $0.apply(Softmax(axis: $2), to: $1) } },
        "LogSoftmax": Translation {
            try $0.alongRows { try $0.apply(Softmax(axis: $2, isLogarithmic: true), to: $1) }
        },
        "Hardmax": Translation { try $0.alongRows { try $0.hardmax($1, axis: $2) } },
    ]
}

extension NodeReading {
    fileprivate func epsilon() throws -> Double { try float("epsilon", default: 1e-5) }

    func standardization(subtractsMean: Bool) throws -> Standardization {
        Standardization(
            over: .trailingAxes(from: try int("axis", default: -1)), epsilon: try epsilon(),
            subtractsMean: subtractsMean)
    }

    /// By the batch's statistics in training mode: an attribute from opset 14 on, before it a node with the other
    /// outputs.
    fileprivate mutating func batchNormalization() throws -> Operand {
        // Before opset 9 there may be statistics for every element.
        try require("spatial", isOneOf: [1], default: 1)
        let isTraining =
            try version < 14 ? node.outputs.dropFirst().contains { !$0.isEmpty } : flag("training_mode")
        let statistics = normalization ?? (isTraining ? .batch : .running)
        let operands = try (0..<(statistics == .batch ? 3 : 5)).map(operand)
        // Running statistics are held. Some that the file computes of the signal itself have derivatives.
        if operands.dropFirst(3).contains(where: { $0.reals == nil }) {
            return try normalization(by: operands)
        }
        return try apply(BatchNorm(statistics, epsilon: try epsilon()), to: operands)
    }

    /// γ(x − μ)/√(σ² + ε) + β by given statistics, one number of each a channel, in single operators.
    private mutating func normalization(by operands: [Operand]) throws -> Operand {
        let x = operands[0]
        let channels = Array(repeating: 1, count: max(0, x.shape.rank - 2))
        let vectors = try operands.dropFirst().map {
            try apply(Reshape([$0.shape.count] + channels, zeroCopies: false), to: $0)
        }
        let (scale, shift, mean, variance) = (vectors[0], vectors[1], vectors[2], vectors[3])
        let deviation = try apply(Sqrt(), to: apply(Add(), to: variance, number(try epsilon(), like: x)))
        let centred = try apply(Add.subtracting, to: x, mean)
        let scaled = try apply(Mul(), to: apply(Div(), to: centred, deviation), scale)
        return try apply(Add(), to: scaled, shift)
    }

    /// (x − mean)/(√(mean of squares − squared mean) + 1e−9).
    fileprivate mutating func meanVarianceNormalization() throws -> Operand {
        let (x, axes) = (try operand(0), ReducedAxes(try givenInts("axes") ?? [0, 2, 3]))
        let centred = try apply(Add.subtracting, to: x, apply(ReduceSum(axes, isMean: true), to: x))
        let squares = try apply(Mul(), to: centred, centred)
        let deviation = try apply(Sqrt(), to: apply(ReduceSum(axes, isMean: true), to: squares))
        let divisor = try apply(Add(), to: deviation, number(1e-9, like: x))
        return try apply(Div(), to: centred, divisor)
    }

    /// x/(bias + α·mean of squares)^β, the mean over neighbouring channels (Krizhevsky et al., 2012).
    fileprivate mutating func localResponseNormalization() throws -> Operand {
        let (x, size) = (try operand(0), try required("size", givenInt))
        guard x.shape.rank >= 2, (1...1 << 24).contains(size) else { throw unsupported("size", size) }
        let channels = ConvolutionWindow.Axis(kernel: size, before: (size - 1) / 2, after: size / 2)
        let squares = try apply(
            Reshape([x.shape[0], 1, x.shape[1], x.shape.count(of: 2...)], zeroCopies: false),
            to: apply(Mul(), to: x, x))
        let means = try apply(
            AveragePool(.init([channels, .init(kernel: 1)]), countsPadding: true), to: squares)
        let scaled = try apply(
            Mul(), to: apply(Reshape(x.shape.axes, zeroCopies: false), to: means),
            number(float("alpha", default: 1e-4), like: x))
        let sum = try apply(Add(), to: scaled, number(float("bias", default: 1), like: x))
        return try apply(
            Div(), to: x, apply(Pow(), to: sum, number(float("beta", default: 0.75), like: x)))
    }

    /// A function of rows: along one axis from opset 13 on, and before it along all axes from one on as if they were
    /// one.
    fileprivate mutating func alongRows(
        _ function: (inout NodeReading, Operand, _ axis: Int) throws -> Operand
    ) throws -> Operand {
        let x = try operand(0)
        guard version < 13 else { return try function(&self, x, int("axis", default: -1)) }
        let axis = try int("axis", default: 1)
        if axis == -1 || axis == x.shape.rank - 1 { return try function(&self, x, -1) }
        let rows = try function(&self, apply(Reshape.flatten(from: axis), to: x), 1)
        return try apply(Reshape(x.shape.axes, zeroCopies: false), to: rows)
    }

    /// 1 at the first of the largest elements along an axis, 0 elsewhere.
    fileprivate mutating func hardmax(_ x: Operand, axis: Int) throws -> Operand {
        let axis = try place(axis, of: x.shape.rank)
        let largest = try apply(ArgExtremum(axis: axis, largest: true), to: x, type: .int64)
        let places = constant(whole: .counting(to: x.shape[axis], along: axis, ofRank: x.shape.rank))
        let isLargest = try apply(Comparison(.equal), to: places, largest, type: .bool)
        return try apply(Cast(from: .condition, to: .real), to: isLargest, type: x.type)
    }
}

extension WholeTensor {
    /// 0, 1 … along one of several axes; the others have extent 1.
    static func counting(to count: Int, along axis: Int, ofRank rank: Int) -> WholeTensor {
        var shape = Shape(axes: Array(repeating: 1, count: rank))
        shape[axis] = count
        return WholeTensor(Array(0..<count), shape: shape)
    }
}
