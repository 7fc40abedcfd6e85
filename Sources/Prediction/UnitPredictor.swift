import Foundation
import NumericalMethods
import ResidualNetworks

/// Makes the units of a design.
final class UnitPredictor {
    private let design: NetworkDesign
    let rules: UnitRules
    /// Where elements remember their past.
    let grid: ElementGrid?
    private let tables: ElementTables
    private let kernels = TransitionKernelCache()

    /// - Parameter input: mean of x_0².
    /// - Throws: `PredictionError`.
    init(_ design: NetworkDesign, input: Double) throws(PredictionError) {
        self.design = design
        rules = try UnitRules(design)
        tables = ElementTables(rules)
        let isNormalized = rules.order.contains(.normalization)
        guard rules.rectifies || rules.remembersOtherwise else {
            grid = nil
            return
        }
        var functions: [any Activation] = []
        for rule in rules.rules where rules.remembersOtherwise {
            functions.append(try tables.function(at: rule.position))
        }
        grid = try ElementGrid(
            for: rules.rules, of: design.shortcut.name, isNormalized: isNormalized, input: input,
            growth: rules.remembersOtherwise
                ? { $0.growth(behind: functions[max(0, $0.position.index - 1)]) } : nil)
    }

    /// What distinguishes the branches of one design.
    struct BranchShape: Hashable {
        let stage: Int
        let stride: Int
    }
    private var branches: [BranchShape: [any MomentMap]] = [:]

    /// - Parameter position: of the unit, with the channels that the layers see.
    func maps(
        _ layers: [ActivationLayer], at position: UnitPosition
    ) throws(PredictionError) -> [any MomentMap] {
        var maps: [any MomentMap] = []
        for layer in layers {
            switch layer {
            case .normalization: maps.append(NormalizationMoments())
            case .activation:
                maps.append(
                    ActivationLayerMoments(activation: try rules.activation(at: position), stem: rules.stem))
            }
        }
        return maps
    }

    /// f where it does not rectify, or forgets what it is given.
    private func afterMaps(at position: UnitPosition) throws(PredictionError) -> [any MomentMap] {
        var maps: [any MomentMap] = []
        for layer in rules.order {
            switch layer {
            case .normalization: maps.append(NormalizationMoments())
            case .activation:
                maps.append(
                    ActivationLayerMoments(
                        activation: try rules.afterActivation(at: position), stem: rules.stem,
                        goesOn: !rules.rectifies))
            }
        }
        return maps
    }

    private var leadingMaps: [any MomentMap]?

    /// The layers that lead a unit, and the head; place by place where x remembers its past otherwise than behind a
    /// rectifier.
    func leading(
        of x: SignalMoments, at position: UnitPosition
    ) throws(PredictionError) -> LinearizedMoments {
        let layers = design.layout.leading
        var maps: [any MomentMap]
        if let leadingMaps { maps = leadingMaps } else { maps = try self.maps(layers, at: position) }
        if rules.hasOneActivation { leadingMaps = maps }
        guard rules.remembersOtherwise, let grid, let last = maps.last as? ActivationLayerMoments else {
            return MomentSequence(maps: maps).linearize(x)
        }
        let tabulated = TabulatedActivation(
            of: last.activation, isNormalized: layers.first == .normalization, x: x,
            places: try tables.function(after: position.index - 1, on: grid))
        var stated = last
        stated.stated = tabulated.moments
        maps[maps.count - 1] = stated
        let linearized = MomentSequence(maps: maps).linearize(x)
        return LinearizedMoments(
            value: linearized.value,
            pullback: PlacedPullback(inner: linearized.pullback, shares: tabulated.shares))
    }

    /// The place of a unit.
    struct Site {
        let index: Int
        let shape: BranchShape
        let outputs: Double
        let baseWidth: Double
        let stride: Int
    }

    func linearize(_ x: SignalMoments, at site: Site) throws(PredictionError) -> UnitMoments {
        let rule = rules.rules[site.index]
        let place = rule.position.seeing(Int(saturating: x.channels))
        let leading =
            site.index == 0
            ? LinearizedMoments(value: x, pullback: ChainedPullback(links: []))
            : try leading(of: x, at: place)
        let branch = MomentSequence(maps: try branchMaps(at: site, side: x.profile.side)).linearize(
            leading.value)
        let branchPullback = ChainedPullback(links: [leading.pullback, branch.pullback])
        let inputs = x.channels
        let gateVariance = 2 * inputs / site.outputs * x.meanSquare * exp(2 * x.logScale)
        let modulation = rule.modulation(
            gateVariance: gateVariance,
            gateCorrelation: min(1, x.channelMeanSquare / max(x.meanSquare, .leastNormalMagnitude)))
        var matching = matching(x, leading: leading, modulation: modulation, at: site)
        if case .elementwise(let function) = rule.shortcut {
            var layer = ActivationLayerMoments(activation: function, stem: rules.stem, goesOn: true)
            if let grid { layer.map = try tables.map(at: site.index, on: grid) }
            matching = matching.followed(by: [layer])
        }
        let addition = PathAddition(
            shortcut: matching.value, branch: branch.value, modulation: modulation, stem: rules.stem)
        let after = try afterAddition(addition, at: rule)
        let kept = modulation.keptBranches
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
                    inner: branchPullback, factor: kept * modulation.mean { $0.branch * $0.branch },
                    kernels: [],
                    laws: [], gate: gate, gateFactor: kept * modulation.branchSlope * branch.value.meanSquare),
                after: after.pullback, branchSpread: spread.branch,
                shortcutSpread: modulation.isConvolution ? spread.pointwise : 0),
            branchShare: addition.branchShare)
    }

    /// weight, (BN, activation, weight)…, trailing; made once for all units of a shape that have it in common.
    private func branchMaps(at site: Site, side: Int) throws(PredictionError) -> [any MomentMap] {
        if rules.sharesBranches, let made = branches[site.shape] { return made }
        let place = rules.rules[site.index].position
        var width = 0
        var result: [any MomentMap] = []
        var side = side
        for (position, layer) in design.block.layers.enumerated() {
            if position > 0 { result += try maps([.normalization, .activation], at: place.seeing(width)) }
            width = layer.widths * Int(saturating: site.baseWidth)
            let stride = position == design.block.stridedLayer ? site.stride : 1
            result.append(
                ConvolutionMoments(
                    outputs: Double(layer.widths) * site.baseWidth,
                    kernel: design.architecture.kernel(of: layer), stride: stride,
                    side: side))
            side = (side + stride - 1) / stride
        }
        result += try maps(design.layout.trailing, at: place.seeing(width))
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
        _ addition: PathAddition, at rule: UnitRules.Rule
    ) throws(PredictionError)
        -> (value: SignalMoments, pullback: any EnergyPullback, kernels: [TransitionKernel?])
    {
        let y = addition.sum
        let linearized = MomentSequence(maps: try afterMaps(at: rule.position)).linearize(y)
        guard let grid else { return (linearized.value, linearized.pullback, []) }
        var value = linearized.value
        let unit = rule.position.index
        let map = try tables.map(at: unit, on: grid)
        let function = map == nil ? nil : try tables.function(after: unit, on: grid)
        // Of f = identity lengths have no effect.
        let response: ActivationResponse? =
            rules.rectifies
            ? .rectifier
            : rules.order.contains(.activation)
                ? try rules.afterActivation(at: rule.position).response(variance: 1) : nil
        var kernels: [TransitionKernel?] = []
        var scales: [Double] = []
        // A plain unit forgets x_l.
        let remembers = addition.modulation.nodes.contains { $0.shortcut != 0 }
        let isNormalized = rules.order.contains(.normalization)
        for index in y.groups.indices {
            let group = y.groups[index]
            let scale = isNormalized ? (group.variance + NormalizationMoments.epsilon).squareRoot() : 1
            let spread = isNormalized ? group.variance : group.variance + group.randomMean
            scales.append(scale)
            guard remembers, let law = addition.shortcut.groups[index].law.grid else {
                value.groups[index].law.grid = RectifiedLaw(
                    mean: isNormalized ? 0 : group.mean, variance: spread / (scale * scale), on: grid)
                kernels.append(nil)
                continue
            }
            let kernel = self.kernels.kernel(
                for: TransitionKernel.Step(
                    grid: grid, nodes: addition.modulation.elementNodes,
                    deviation: addition.branchDeviation(isNormalized),
                    offset: isNormalized ? group.mean : 0, scale: scale, map: map))
            let next = law.advanced(by: kernel)
            let moments = function.map(next.moments(of:)) ?? next.moments
            let square = moments.mean * moments.mean
            // E √s of unequal lengths (`LengthSpread`).
            let factor = response?.meanSquareFactor(y.lengthVariance) ?? 1
            let mean = (square * factor).squareRoot()
            if response != nil {
                value.channelSpread = LengthSpread.channelSpread(
                    variance: moments.meanSquare - mean * mean, ofEqualLengths: moments.meanSquare - square)
            }
            // Means that differ from channel to channel are those of Gaussian elements; behind a rectifier are none.
            let randomMean =
                function == nil ? 0 : min(value.groups[index].randomMean, moments.meanSquare - square)
            value.groups[index].mean = moments.mean < 0 ? -mean : mean
            value.groups[index].randomMean = max(0, randomMean)
            value.groups[index].variance = moments.meanSquare - mean * mean - max(0, randomMean)
            value.groups[index].law.grid = next
            kernels.append(kernel)
        }
        return (
            value,
            MaskPullback(
                laws: value.groups.map(\.law.grid), scales: scales,
                spreads: kernels.map { $0 == nil && isNormalized ? NormalizationMoments.spread(of: y) : 1 },
                function: function),
            kernels
        )
    }
}

extension UnitPosition {
    /// For an activation, whose n is the number of channels that it sees.
    fileprivate func seeing(_ channels: Int) -> UnitPosition {
        UnitPosition(index: index, count: count, stage: stage, width: channels)
    }
}

extension LinearizedMoments {
    fileprivate func followed(by maps: [any MomentMap]) -> LinearizedMoments {
        let next = MomentSequence(maps: maps).linearize(value)
        return LinearizedMoments(
            value: next.value, pullback: ChainedPullback(links: [pullback, next.pullback]))
    }
}
