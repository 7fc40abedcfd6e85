import Kernels
import Tensors

/// Turns a design into a network, unit by unit, drawing parameters from a source.
struct NetworkBuilder<Scalar: KernelScalar> {
    let design: NetworkDesign
    let source: any ParameterSource

    private var layout: UnitLayout { design.layout }

    func network() throws -> Network<Scalar> {
        var units: [ResidualUnit<Scalar>] = []
        var shape = design.stemOutput
        for (stage, count) in zip(design.architecture.stages, design.unitsPerStage) {
            for position in 0..<count {
                let (unit, output) = try unit(
                    index: units.count, input: shape, baseWidth: stage.widths * design.baseWidth,
                    stride: position == 0 ? stage.stride : 1)
                units.append(unit)
                shape = output
            }
        }
        return Network(
            design: design, stem: try stem(), units: units, head: try head(channels: shape.channels))
    }

    /// Convolution (or a fully connected layer), BN, ReLU and, on ImageNet, max pooling, for every kind of unit.
    private func stem() throws -> any DifferentiableMap<Scalar> {
        let output = design.stemOutput
        var maps: [any DifferentiableMap<Scalar>] = []
        var inputs = design.input.channels
        let stem = design.architecture.stem
        if stem == nil {
            maps.append(Flattening<Scalar>())
            inputs = design.input.count
        }
        maps.append(
            try Convolution<Scalar>(
                name: "stem.conv", inputs: inputs, outputs: output.channels,
                kernel: stem?.kernel ?? 1, stride: stem?.stride ?? 1, from: source))
        maps += try ActivationLayer.maps(
            [.normalization, .rectifier], normalization: "stem.bn", channels: output.channels, from: source)
        if let window = stem?.pooling { maps.append(MaxPooling(window)) }
        return Sequential(maps)
    }

    /// The activation that a pre-activation network owes, global average pooling, the classifier.
    private func head(channels: Int) throws -> any DifferentiableMap<Scalar> {
        var maps: [any DifferentiableMap<Scalar>] = try ActivationLayer.maps(
            layout.leading, normalization: "head.bn", channels: channels, from: source)
        if design.architecture.stem != nil { maps.append(GlobalAveragePooling<Scalar>()) }
        maps.append(
            try Convolution<Scalar>(
                name: "head.fc", inputs: channels, outputs: design.classes, kernel: 1,
                weightRole: .classifierWeight, biasRole: .classifierBias, from: source))
        return Sequential(maps)
    }

    private func unit(
        index: Int, input: Shape, baseWidth: Int, stride: Int
    ) throws -> (ResidualUnit<Scalar>, output: Shape) {
        let output = Shape(
            1, baseWidth * design.block.expansion, (input.height + stride - 1) / stride,
            (input.width + stride - 1) / stride)
        // The stem has just normalised and rectified x_0.
        let leading: [any DifferentiableMap<Scalar>] = try ActivationLayer.maps(
            index == 0 ? [] : layout.leading, normalization: "units.\(index).branch.bn1",
            channels: input.channels, from: source)
        let matching = try matching(index: index, from: input, to: output, stride: stride, leading: leading)
        let site = UnitSite(
            index: index, input: input, output: output, stride: stride, matching: matching,
            parameters: source)
        let branch = try branch(at: site, baseWidth: baseWidth, leading: leading)
        let paths = try design.shortcut.paths(at: site, branch: branch)
        let unit = ResidualUnit(
            shortcut: paths.shortcut, branch: paths.branch, after: try layout.after.afterAddition(at: site))
        return (unit, output)
    }

    /// leading, weight, (BN, ReLU, weight)…, trailing.
    private func branch(
        at site: UnitSite<Scalar>, baseWidth: Int, leading: [any DifferentiableMap<Scalar>]
    ) throws -> any DifferentiableMap<Scalar> {
        var maps = leading
        var channels = site.input.channels
        for (position, layer) in design.block.layers.enumerated() {
            if position > 0 {
                maps += try ActivationLayer.maps(
                    [.normalization, .rectifier], normalization: normalizationName(site, between: position),
                    channels: channels, from: source)
            }
            let outputs = layer.widths * baseWidth
            maps.append(
                try Convolution<Scalar>(
                    name: "\(site.name).branch.conv\(position + 1)", inputs: channels, outputs: outputs,
                    kernel: design.architecture.stem == nil ? 1 : layer.kernel,
                    stride: position == design.block.stridedLayer ? site.stride : 1, from: source))
            channels = outputs
        }
        maps += try ActivationLayer.maps(
            layout.trailing, normalization: "\(site.name).branch.bn\(design.block.layers.count)",
            channels: channels, from: source)
        return Sequential(maps)
    }

    /// A batch norm carries the number of its convolution: the one it precedes where the branch begins with a
    /// batch norm, otherwise the one it follows.
    private func normalizationName(_ site: UnitSite<Scalar>, between position: Int) -> String {
        "\(site.name).branch.bn\(layout.leading.contains(.normalization) ? position + 1 : position)"
    }

    /// A: the identity, option A, or a projection. In pre-activation units a projection reads the activated
    /// input that the branch reads.
    private func matching(
        index: Int, from input: Shape, to output: Shape, stride: Int,
        leading: [any DifferentiableMap<Scalar>]
    ) throws -> any DifferentiableMap<Scalar> {
        if input == output { return IdentityMap() }
        let activated: [any DifferentiableMap<Scalar>] = leading.map { SharingParameters($0) }
        let subsampling = Subsampling<Scalar>(stride: stride, channels: output.channels)
        switch design.block.matching {
        case .subsampling: return subsampling
        case .activatedSubsampling: return Sequential(activated + [subsampling])
        case .projection: break
        }
        // A shortcut that ignores A drops this projection, and with it its parameters.
        let name = "units.\(index).shortcut"
        let projection = try Convolution<Scalar>(
            name: name + ".conv", inputs: input.channels, outputs: output.channels, kernel: 1, stride: stride,
            from: source)
        let normalization: [any DifferentiableMap<Scalar>] = try ActivationLayer.maps(
            design.normalizesProjections ? [.normalization] : [], normalization: name + ".bn",
            channels: output.channels, from: source)
        return Sequential(activated + [projection] + normalization)
    }
}
