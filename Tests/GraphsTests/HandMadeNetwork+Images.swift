import Graphs
import Kernels
import Operators
import Tensors

/// Parts of convolutional networks and of networks on sequences.
extension HandMadeNetwork {
    func image(channels: Int = 4, size: Int = 4) -> Graph.ValueID {
        graph.input("image", shape: Shape(2, channels, size, size))
    }

    func parameter(_ axes: Int...) -> Graph.ValueID {
        graph.parameter("p\(count())", shape: Shape(axes: axes))
    }

    /// With padding that keeps the size.
    func convolve(
        _ x: Graph.ValueID, to channels: Int? = nil, kernel: Int = 3, stride: Int = 1, bias: Bool = false
    ) throws -> Graph.ValueID {
        let inputs = graph.shape(of: x)[1]
        let filters = parameter(channels ?? inputs, inputs, kernel, kernel)
        let padding = kernel / 2
        let axis = ConvolutionWindow.Axis(kernel: kernel, stride: stride, before: padding, after: padding)
        let operands = [x, filters] + (bias ? [parameter(channels ?? inputs)] : [])
        return try graph.apply(Conv(ConvolutionWindow([axis, axis])), to: operands)
    }

    func pool(_ x: Graph.ValueID) throws -> Graph.ValueID {
        let axis = ConvolutionWindow.Axis(kernel: 2, stride: 2)
        return try graph.apply(AveragePool(ConvolutionWindow([axis, axis])), to: x)
    }

    func normalizeBatch(_ x: Graph.ValueID, mean: Double = 0, variance: Double = 1) throws -> Graph.ValueID {
        let shape = Shape(axes: [graph.shape(of: x)[1]])
        func running(_ number: Double) -> Graph.ValueID {
            graph.constant(Array(repeating: number, count: shape.count), shape: shape)
        }
        return try graph.apply(
            BatchNorm(.running), to: x, parameter(shape.count), parameter(shape.count), running(mean),
            running(variance))
    }

    /// conv BN ReLU conv BN.
    func block(_ x: Graph.ValueID, to channels: Int? = nil, stride: Int = 1) throws -> Graph.ValueID {
        let inner = try relu(normalizeBatch(convolve(x, to: channels, stride: stride)))
        return try normalizeBatch(convolve(inner))
    }

    /// Global average pooling and a linear classifier.
    func classify(_ x: Graph.ValueID) throws -> Graph.ValueID {
        let means = try graph.apply(ReduceSum(ReducedAxes([2, 3], keeping: false), isMean: true), to: x)
        return try dense(means)
    }

    func sequence(_ name: String = "x", length: Int = 3) -> Graph.ValueID {
        graph.input(name, shape: Shape(axes: [2, length, Self.width]))
    }

    /// x·W over the last axis.
    func linear(_ x: Graph.ValueID, to width: Int = HandMadeNetwork.width) throws -> Graph.ValueID {
        let axes = graph.shape(of: x).axes
        return try graph.apply(MatMul(), to: x, parameter(axes[axes.count - 1], width))
    }

    func standardize(_ x: Graph.ValueID) throws -> Graph.ValueID {
        try graph.apply(
            Standardization(over: .trailingAxes(from: graph.shape(of: x).rank - 1)), to: x)
    }

    /// softmax(QKᵀ)V and a last product; keys and values from a memory.
    func attend(_ x: Graph.ValueID, to memory: Graph.ValueID) throws -> Graph.ValueID {
        let (queries, keys, values) = (try linear(x), try linear(memory), try linear(memory))
        let turned = try graph.apply(Transpose(order: [0, 2, 1]), to: keys)
        let weights = try graph.apply(Softmax(), to: graph.apply(MatMul(), to: queries, turned))
        return try linear(graph.apply(MatMul(), to: weights, values))
    }

    func feedForward(_ x: Graph.ValueID) throws -> Graph.ValueID { try linear(relu(linear(x))) }
}
