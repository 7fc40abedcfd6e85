import Graphs
import Kernels
import Operators
import Tensors

/// Writes the graph of a residual network value by value, and remembers what a graph does not say: which parameters there
/// are, what they are to be drawn as, and which sums are units.
///
/// Every h, F and f of a design is written here. One of your own needs nothing else: `apply` takes any `Operator`.
public struct NetworkGraph {
    /// What batch normalisation and dropout do.
    public enum Mode: Sendable {
        /// Statistics of the batch, with a derivative through them; masks, given as buffers.
        case training
        /// Statistics given as buffers; dropout multiplies by 1 − p.
        case inference
    }

    /// Samples that go through at a time.
    public let batch: Int
    public let mode: Mode
    private var builder = GraphBuilder()
    private var known: [String: Graph.ValueID] = [:]
    /// In the order of computation, each once.
    public private(set) var parameters: [ParameterDeclaration] = []
    /// Tensors that are given, not trained.
    public private(set) var buffers: [BufferDeclaration] = []
    public private(set) var normalizations: [NormalizationDeclaration] = []
    private var units: [StatedUnit] = []
    private var rows: [ResidualModel.Row] = []

    public init(batch: Int, mode: Mode = .training) {
        self.batch = batch
        self.mode = mode
    }

    public func shape(of value: Graph.ValueID) -> Shape { builder.shape(of: value) }

    /// States x_l: the next row. A stage ends where it changes its shape.
    public mutating func state(row x: Graph.ValueID) {
        let shape = shape(of: x)
        let stage = rows.last.map { $0.stage + (self.shape(of: $0.values[0]) == shape ? 0 : 1) } ?? 0
        rows.append(ResidualModel.Row(values: [x], stage: stage))
    }

    /// States a unit at the last row, and gives y_l = h(x_l) + F(x_l) (Eqn. 1).
    public mutating func sum(_ values: UnitValues, label: String) throws -> Graph.ValueID {
        let y = try apply(Add(), to: values.shortcut, values.branch, label: label + ".sum")
        let x = rows.last?.values[0] ?? y
        units.append(StatedUnit(input: x, values: values, sum: y, label: label))
        return y
    }

    /// The network with its units, all rows stated.
    ///
    /// - Throws: `GraphError` where the logits are no value of it, or do not depend on its input.
    public func model(logits: Graph.ValueID) throws -> NetworkModel {
        let path = try SignalPath(of: builder.graph(output: logits))
        return NetworkModel(
            model: ResidualModel(path: path, units: units.map { $0.unit(in: path) }, rows: rows),
            parameters: parameters, buffers: buffers, normalizations: normalizations)
    }

    public mutating func input(_ name: String, shape: Shape) -> Graph.ValueID {
        builder.input(name, shape: shape)
    }

    /// What an operator makes of earlier values.
    ///
    /// - Throws: `GraphError.operation`, with the label and the shapes.
    public mutating func apply(
        _ operation: any Operator, to operands: Graph.ValueID..., label: String? = nil
    ) throws -> Graph.ValueID { try builder.apply(operation, to: operands, label: label) }

    public mutating func apply(
        _ operation: any Operator, to operands: [Graph.ValueID], label: String? = nil
    ) throws -> Graph.ValueID { try builder.apply(operation, to: operands, label: label) }

    /// A trainable tensor. A name that is there already is the same tensor.
    ///
    /// - Parameters:
    ///   - dimensions: as it is exported.
    ///   - shape: as operators read it; the dimensions where nothing is said.
    public mutating func parameter(
        _ name: String, dimensions: [Int], role: ParameterRole, shape: Shape? = nil
    ) -> Graph.ValueID {
        if let value = known[name] { return value }
        let value = builder.parameter(name, shape: shape ?? Shape(axes: dimensions))
        known[name] = value
        parameters.append(
            ParameterDeclaration(name: name, dimensions: dimensions, role: role, value: value))
        return value
    }

    /// A tensor that is given with the batch and not trained: a mask, running statistics. No signal comes from it.
    public mutating func buffer(_ name: String, shape: Shape, content: BufferDeclaration.Content)
        -> Graph.ValueID
    {
        let value = builder.buffer(name, shape: shape)
        buffers.append(BufferDeclaration(name: name, shape: shape, content: content))
        return value
    }

    public mutating func constant(_ numbers: [Double], shape: Shape) -> Graph.ValueID {
        builder.constant(numbers, shape: shape)
    }

    /// c·x.
    public mutating func scale(
        _ x: Graph.ValueID, by factor: Double, label: String? = nil
    ) throws -> Graph.ValueID {
        guard factor != 1 else { return x }
        return try apply(Mul(), to: x, constant([factor], shape: Shape(axes: [])), label: label)
    }
}

/// The layers that networks of this kind are made of.
extension NetworkGraph {
    /// A square convolution with zero padding of half the kernel; `name.weight` is its filter.
    ///
    /// - Parameter bias: the role of `name.bias`, where it has one.
    public mutating func convolution(
        _ x: Graph.ValueID, name: String, outputs: Int, kernel: Int, stride: Int = 1,
        role: ParameterRole = .weight, bias: ParameterRole? = nil
    ) throws -> Graph.ValueID {
        let inputs = shape(of: x).channels
        let shape = Shape(outputs, inputs, kernel, kernel)
        // The classifier's weight is exported as a matrix.
        let filter = parameter(
            name + ".weight", dimensions: role == .classifierWeight ? [outputs, inputs] : shape.axes,
            role: role, shape: shape)
        let axis = ConvolutionWindow.Axis(
            kernel: kernel, stride: stride, before: kernel / 2, after: kernel / 2)
        let operation = Conv(ConvolutionWindow([axis, axis]))
        guard let bias else { return try apply(operation, to: x, filter, label: name) }
        return try apply(
            operation, to: x, filter, parameter(name + ".bias", dimensions: [outputs], role: bias),
            label: name)
    }

    /// Batch normalisation with γ = `name.weight` and β = `name.bias`.
    ///
    /// - Throws: `NetworkError.singleValueStatistics` where statistics of a batch say nothing.
    public mutating func batchNormalization(_ x: Graph.ValueID, name: String) throws -> Graph.ValueID {
        let shape = shape(of: x)
        if mode == .training { try NormalizationSite(name: name, shape: shape).requireSeveralValues() }
        let channels = shape.channels
        let scale = parameter(name + ".weight", dimensions: [channels], role: .normalizationScale)
        let shift = parameter(name + ".bias", dimensions: [channels], role: .normalizationShift)
        normalizations.append(NormalizationDeclaration(name: name, input: x, scale: scale))
        guard mode == .inference else {
            return try apply(BatchNorm(.batch), to: x, scale, shift, label: name)
        }
        let axes = Shape(axes: [channels])
        let mean = buffer(name + ".running_mean", shape: axes, content: .runningMean(of: name))
        let variance = buffer(name + ".running_var", shape: axes, content: .runningVariance(of: name))
        return try apply(BatchNorm(.running), to: x, scale, shift, mean, variance, label: name)
    }

    /// A run of normalisations and activations, in order.
    public mutating func layers(
        _ layers: [ActivationLayer], of x: Graph.ValueID, normalization name: String,
        activation: PlacedActivation = PlacedActivation()
    ) throws -> Graph.ValueID {
        // Without a normalisation before it an activation is the place's own: after.relu, not after.bn.relu.
        var owner = name.split(separator: ".").dropLast().joined(separator: ".")
        return try layers.reduce(x) { x, layer in
            switch layer {
            case .normalization:
                owner = name
                return try batchNormalization(x, name: name)
            case .activation: return try activation.value(of: x, label: owner, in: &self)
            }
        }
    }

    /// m∘x with P(m = 0) = p, not rescaled: the mask is the buffer `name`.
    public mutating func dropout(
        _ x: Graph.ValueID, name: String, probability: Double
    ) throws -> Graph.ValueID {
        guard mode == .training else { return try scale(x, by: 1 - probability, label: name) }
        let mask = buffer(name, shape: shape(of: x), content: .mask(dropProbability: probability))
        return try apply(Mul(), to: x, mask, label: name)
    }

    /// Stochastic depth (Huang et al., 2016): a sample's x as a whole, or 0 with probability p. Not rescaled while training,
    /// and multiplied by 1 − p in inference, as there; a sample a draw, where the paper draws once a batch.
    public mutating func droppedPath(
        _ x: Graph.ValueID, name: String, probability: Double
    ) throws -> Graph.ValueID {
        guard probability > 0 else { return x }
        guard mode == .training else { return try scale(x, by: 1 - probability, label: name) }
        let mask = buffer(
            name, shape: Shape(shape(of: x).batch, 1), content: .mask(dropProbability: probability))
        return try apply(Mul(), to: x, mask, label: name)
    }

    /// Option A of the 2015 ResNet paper: subsample by the stride, append zero channels after the existing ones.
    public mutating func subsampling(
        _ x: Graph.ValueID, stride: Int, channels: Int, name: String
    ) throws -> Graph.ValueID {
        var (x, shape) = (x, shape(of: x))
        if stride > 1 {
            let ranges = (2..<4).map { Slice.Range(axis: $0, start: 0, end: shape[$0], step: stride) }
            x = try apply(Slice(ranges), to: x, label: name + ".subsample")
            shape = self.shape(of: x)
        }
        guard channels != shape.channels else { return x }
        return try apply(
            Pad(before: [0, 0, 0, 0], after: [0, channels - shape.channels, 0, 0]), to: x,
            label: name + ".pad")
    }
}

/// A parameter of a network, before it has numbers.
public struct ParameterDeclaration: Sendable, Equatable {
    public let name: String
    /// As it is exported: (O, I, k, k) for a filter, (C) for a vector, (classes, features) for the classifier.
    public let dimensions: [Int]
    public let role: ParameterRole
    public let value: Graph.ValueID

    public var count: Int { dimensions.reduce(1, *) }
}

/// A tensor that a network is given beside its input and its parameters.
public struct BufferDeclaration: Sendable, Equatable {
    public enum Content: Sendable, Equatable {
        /// 0 with this probability, else 1.
        case mask(dropProbability: Double)
        case runningMean(of: String)
        case runningVariance(of: String)
    }

    public let name: String
    public let shape: Shape
    public let content: Content
}

/// A batch normalisation of a network.
public struct NormalizationDeclaration: Sendable, Equatable {
    public let name: String
    /// What it normalises.
    public let input: Graph.ValueID
    /// γ.
    public let scale: Graph.ValueID
}

/// y_l = h(x_l) + F(x_l) as it was written: one sum of two operands.
private struct StatedUnit {
    let input: Graph.ValueID
    let values: UnitValues
    let sum: Graph.ValueID
    let label: String

    func unit(in path: SignalPath) -> ResidualModel.Unit {
        let leaves = [values.shortcut, values.branch].enumerated().map {
            Merge.Leaf(value: $0.element, sum: sum, slot: $0.offset)
        }
        let kind: UnitRoles.Kind =
            if values.shortcut == input {
                .identity
            } else if path.isFreeOfWeights(from: input, to: values.shortcut) {
                .weightFree
            } else { .projection }
        let roles = UnitRoles(kind: kind, forks: [input], shortcut: [0], branch: [1])
        return ResidualModel.Unit(
            streams: [UnitStream(merge: Merge(result: sum, leaves: leaves), roles: roles)], label: label,
            kind: kind, factor: values.factor)
    }
}
