import Graphs
import Kernels
import Operators
import Tensors

/// Turns a design into a graph, unit by unit.
struct NetworkWriter {
    private let design: NetworkDesign
    private var network: NetworkGraph
    /// Units so far.
    private var count = 0

    init(_ design: NetworkDesign, batch: Int, mode: NetworkGraph.Mode) {
        self.design = design
        network = NetworkGraph(batch: batch, mode: mode)
    }

    private var layout: UnitLayout { design.layout }

    consuming func model() throws -> NetworkModel {
        var x = try stem(
            network.input(NetworkModel.inputName, shape: design.input.with(batch: network.batch)))
        for (index, stage) in design.architecture.stages.enumerated() {
            for position in 0..<design.unitsPerStage[index] {
                x = try unit(
                    x, stage: index, baseWidth: stage.widths * design.baseWidth,
                    stride: position == 0 ? stage.stride : 1)
            }
        }
        network.state(row: x)
        let logits = try head(x)
        return try network.model(logits: logits)
    }

    /// Convolution (or a fully connected layer), BN, ReLU and, on ImageNet, max pooling, for every kind of unit.
    private mutating func stem(_ images: Graph.ValueID) throws -> Graph.ValueID {
        var (x, stem) = (images, design.architecture.stem)
        if design.architecture.isOfVectors {
            let shape = network.shape(of: x)
            x = try network.apply(
                Reshape([shape.batch, shape.channels * shape.area, 1, 1]), to: x, label: "stem.flatten")
        }
        x = try network.convolution(
            x, name: "stem.conv", outputs: design.stemOutput.channels, kernel: stem?.kernel ?? 1,
            stride: stem?.stride ?? 1)
        x = try network.layers(
            [.normalization, .activation], of: x, normalization: "stem.bn",
            activation: PlacedActivation(design.activation, at: position(count, stage: 0, of: x)))
        guard let window = stem?.pooling else { return x }
        let axis = ConvolutionWindow.Axis(
            kernel: window.kernel, stride: window.stride, before: window.padding, after: window.padding)
        return try network.apply(MaxPool(ConvolutionWindow([axis, axis])), to: x, label: "stem.pool")
    }

    /// The activation that a pre-activation network owes, global average pooling, the classifier.
    private mutating func head(_ x: Graph.ValueID) throws -> Graph.ValueID {
        let last = position(count, stage: design.architecture.stages.count - 1, of: x)
        var x = try network.layers(
            layout.leading, of: x, normalization: "head.bn",
            activation: PlacedActivation(design.activation, at: last))
        if !design.architecture.isOfVectors {
            x = try network.apply(
                ReduceSum(.init([2, 3]), isMean: true), to: x, label: "head.pool")
        }
        return try network.convolution(
            x, name: "head.fc", outputs: design.classes, kernel: 1, role: .classifierWeight,
            bias: .classifierBias)
    }

    /// y_l = h(x_l) + F(x_l), x_{l+1} = f(y_l) (Eqn. 1, 2).
    private mutating func unit(
        _ x: Graph.ValueID, stage: Int, baseWidth: Int, stride: Int
    ) throws -> Graph.ValueID {
        network.state(row: x)
        defer { count += 1 }
        let (index, shape) = (count, network.shape(of: x))
        // The stem has just normalised and rectified x_0.
        let activated = try network.layers(
            index == 0 ? [] : layout.leading, of: x, normalization: "units.\(index).branch.bn1",
            activation: PlacedActivation(design.activation, at: position(index, stage: stage, of: x)))
        let place = UnitPlace(
            position: design.seenByFormulas(
                UnitPosition(
                    index: index, count: design.unitCount, stage: stage,
                    width: baseWidth * design.block.expansion)),
            name: "units.\(index)", input: x,
            activated: activated,
            output: Shape(
                shape.batch, baseWidth * design.block.expansion, (shape.height + stride - 1) / stride,
                (shape.width + stride - 1) / stride),
            stride: stride, matching: design.block.matching,
            normalizesProjection: design.normalizesProjections)
        let branch = try design.branchModulation.value(
            of: branch(at: place, baseWidth: baseWidth), at: place, in: &network)
        let y = try network.sum(
            design.shortcut.paths(at: place, branch: branch, in: &network), label: place.name)
        return try design.afterAddition.afterAddition(of: y, at: place, in: &network)
    }

    /// weight, (BN, ReLU, weight)…, trailing.
    private mutating func branch(at place: UnitPlace, baseWidth: Int) throws -> Graph.ValueID {
        var x = place.activated
        for (position, layer) in design.block.layers.enumerated() {
            if position > 0 {
                // A batch norm carries the number of its convolution: the one it precedes where the branch begins with a
                // batch norm, otherwise the one it follows.
                let number = layout.leading.contains(.normalization) ? position + 1 : position
                x = try network.layers(
                    [.normalization, .activation], of: x, normalization: "\(place.name).branch.bn\(number)",
                    activation: activation(at: place, of: x))
            }
            x = try network.convolution(
                x, name: "\(place.name).branch.conv\(position + 1)", outputs: layer.widths * baseWidth,
                kernel: design.architecture.kernel(of: layer),
                stride: position == design.block.stridedLayer ? place.stride : 1)
        }
        let last = design.block.layers.count + (layout.leading.contains(.normalization) ? 1 : 0)
        return try network.layers(
            layout.trailing, of: x, normalization: "\(place.name).branch.bn\(last)",
            activation: activation(at: place, of: x))
    }

    private func activation(at place: UnitPlace, of x: Graph.ValueID) -> PlacedActivation {
        // The unit is counted when it is done.
        PlacedActivation(design.activation, at: position(count, stage: place.position.stage, of: x))
    }

    /// For activations, whose n is the number of channels that they see.
    private func position(_ index: Int, stage: Int, of x: Graph.ValueID) -> UnitPosition {
        design.seenByFormulas(
            UnitPosition(
                index: index, count: design.unitCount, stage: stage, width: network.shape(of: x).channels))
    }
}
