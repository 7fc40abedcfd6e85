import Foundation
import ResidualNetworks

/// Makes the units of a design.
final class UnitPredictor {
    private let design: NetworkDesign
    private let shortcut: any PredictableShortcut
    private let activation: ActivationLayerMoments
    private let afterLayers: [ActivationLayer]
    /// Where f rectifies.
    let grid: ElementGrid?
    private let kernels = TransitionKernelCache()

    /// - Parameter input: mean of x_0².
    /// - Throws: `PredictionError`.
    init(_ design: NetworkDesign, input: Double, activation: any Activation) throws {
        guard let shortcut = design.shortcut as? any PredictableShortcut else {
            throw PredictionError.unknownShortcut(name: design.shortcut.name)
        }
        guard let after = design.afterAddition.layers?.order else {
            throw PredictionError.unknownAfterAddition(unit: design.layout.name)
        }
        for node in shortcut.modulation(gateVariance: 1, gateCorrelation: 0.3).nodes {
            try PredictionError.requireRange(
                node.shortcut, of: "the factors of the shortcut \(shortcut.name)")
            try PredictionError.requireRange(node.branch, of: "the factors of the shortcut \(shortcut.name)")
        }
        self.design = design
        self.shortcut = shortcut
        self.activation = ActivationLayerMoments(activation: activation)
        afterLayers = after
        grid =
            after.contains(.activation)
            ? try ElementGrid(
                for: shortcut, units: design.unitCount, isNormalized: after.contains(.normalization),
                input: input)
            : nil
    }

    /// What distinguishes the branches of one design.
    struct BranchShape: Hashable {
        let stage: Int
        let stride: Int
    }
    private var branches: [BranchShape: [any MomentMap]] = [:]

    func maps(_ layers: [ActivationLayer]) -> [any MomentMap] {
        layers.map { layer -> any MomentMap in
            switch layer {
            case .normalization: NormalizationMoments()
            case .activation: activation
            }
        }
    }

    /// The place of a unit.
    struct Site {
        let index: Int
        let shape: BranchShape
        let outputs: Double
        let baseWidth: Double
        let stride: Int
    }

    func linearize(_ x: SignalMoments, at site: Site) -> UnitMoments {
        let leading = MomentSequence(maps: maps(site.index == 0 ? [] : design.layout.leading)).linearize(x)
        let branch = MomentSequence(maps: branchMaps(at: site, side: x.profile.side)).linearize(leading.value)
        let branchPullback = ChainedPullback(links: [leading.pullback, branch.pullback])
        let inputs = x.channels
        let gateVariance = 2 * inputs / site.outputs * x.meanSquare * exp(2 * x.logScale)
        let modulation = shortcut.modulation(
            gateVariance: gateVariance,
            gateCorrelation: min(1, x.channelMeanSquare / max(x.meanSquare, .leastNormalMagnitude)))
        let matching = matching(x, leading: leading, modulation: modulation, at: site)
        let addition = PathAddition(
            shortcut: matching.value, branch: branch.value, modulation: modulation)
        let after = afterAddition(addition)
        let gate = GatePullback(
            window: AxisWindow(inputs: x.profile.side, kernel: 1, stride: site.stride),
            inputs: x.groups.map(\.channels))
        let spread = SeedSpread(design: design, inputs: inputs, site: site)
        return UnitMoments(
            output: after.value,
            pullbacks: UnitPullbacks(
                shortcut: ModulatedPullback(
                    inner: matching.pullback, factor: modulation.mean { $0.shortcut * $0.shortcut },
                    kernels: after.kernels, laws: x.groups.map(\.law.grid), gate: gate,
                    gateFactor: modulation.shortcutSlope * matching.value.meanSquare),
                branch: ModulatedPullback(
                    inner: branchPullback, factor: modulation.mean { $0.branch * $0.branch }, kernels: [],
                    laws: [], gate: gate, gateFactor: modulation.branchSlope * branch.value.meanSquare),
                after: after.pullback, branchSpread: spread.branch,
                shortcutSpread: modulation.isConvolution ? spread.pointwise : 0),
            branchShare: addition.branchShare)
    }

    /// weight, (BN, ReLU, weight)…, trailing; made once for all units of a shape.
    private func branchMaps(at site: Site, side: Int) -> [any MomentMap] {
        if let made = branches[site.shape] { return made }
        var result: [any MomentMap] = []
        var side = side
        for (position, layer) in design.block.layers.enumerated() {
            if position > 0 { result += maps([.normalization, .activation]) }
            let stride = position == design.block.stridedLayer ? site.stride : 1
            result.append(
                ConvolutionMoments(
                    outputs: Double(layer.widths) * site.baseWidth,
                    kernel: design.architecture.kernel(of: layer), stride: stride,
                    side: side))
            side = (side + stride - 1) / stride
        }
        result += maps(design.layout.trailing)
        branches[site.shape] = result
        return result
    }

    /// A(x), or the convolution that replaces it.
    private func matching(
        _ x: SignalMoments, leading: LinearizedMoments, modulation: PathModulation, at site: Site
    ) -> LinearizedMoments {
        if !modulation.isConvolution && x.channels == site.outputs && site.stride == 1 {
            return LinearizedMoments(value: x, pullback: IdentityPullback())
        }
        let pointwise = ConvolutionMoments(
            outputs: site.outputs, kernel: 1, stride: site.stride, side: x.profile.side)
        if modulation.isConvolution { return pointwise.linearize(x) }
        let subsampling = SubsamplingMoments(outputs: site.outputs, stride: site.stride)
        let normalization = design.normalizesProjections ? [NormalizationMoments()] : []
        switch design.block.matching {
        case .subsampling: return subsampling.linearize(x)
        case .activatedSubsampling: return leading.followed(by: [subsampling])
        // Nothing leads in a unit that is no pre-activation unit.
        case .projection: return leading.followed(by: [pointwise] + normalization)
        }
    }

    /// f, with the steps of the elements' walk where f rectifies.
    private func afterAddition(
        _ addition: PathAddition
    ) -> (value: SignalMoments, pullback: any EnergyPullback, kernels: [TransitionKernel?]) {
        let y = addition.sum
        let linearized = MomentSequence(maps: maps(afterLayers)).linearize(y)
        guard let grid else { return (linearized.value, linearized.pullback, []) }
        var value = linearized.value
        var kernels: [TransitionKernel?] = []
        var scales: [Double] = []
        // A plain unit forgets x_l.
        let remembers = addition.modulation.nodes.contains { $0.shortcut != 0 }
        let isNormalized = afterLayers.contains(.normalization)
        for index in y.groups.indices {
            let group = y.groups[index]
            let scale = isNormalized ? (group.variance + NormalizationMoments.epsilon).squareRoot() : 1
            let spread = isNormalized ? group.variance : group.variance + group.randomMean
            scales.append(scale)
            guard remembers, let law = addition.shortcut.groups[index].law.grid else {
                value.groups[index].law.grid = RectifiedLaw(
                    mean: 0, variance: spread / (scale * scale), on: grid)
                kernels.append(nil)
                continue
            }
            let kernel = self.kernels.kernel(
                for: TransitionKernel.Step(
                    grid: grid, nodes: addition.modulation.nodes,
                    deviation: addition.branchDeviation(isNormalized),
                    offset: isNormalized ? group.mean : 0, scale: scale))
            let next = law.advanced(by: kernel)
            let moments = next.moments
            // E √s of unequal lengths (`LengthSpread`).
            let square = moments.mean * moments.mean
            let mean = (square * LengthSpread.meanSquareFactor(y.lengthVariance)).squareRoot()
            value.channelSpread = LengthSpread.channelSpread(
                variance: moments.meanSquare - mean * mean, ofEqualLengths: moments.meanSquare - square)
            value.groups[index].mean = mean
            value.groups[index].variance = moments.meanSquare - mean * mean
            value.groups[index].law.grid = next
            kernels.append(kernel)
        }
        return (
            value,
            MaskPullback(
                laws: value.groups.map(\.law.grid), scales: scales,
                spreads: kernels.map { $0 == nil && isNormalized ? NormalizationMoments.spread(of: y) : 1 }),
            kernels
        )
    }
}

extension LinearizedMoments {
    fileprivate func followed(by maps: [any MomentMap]) -> LinearizedMoments {
        let next = MomentSequence(maps: maps).linearize(value)
        return LinearizedMoments(
            value: next.value, pullback: ChainedPullback(links: [pullback, next.pullback]))
    }
}
