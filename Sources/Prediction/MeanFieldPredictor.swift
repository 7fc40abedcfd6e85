import Foundation
import NumericalMethods
import ResidualNetworks

/// Expected signal propagation of a design, from its structure alone: no weights, no network.
///
/// Forward, unit by unit, second moments of x_l; backward, the energies of g, d and w (theory.md, section 3). Weights
/// are averaged over as if layers were wide; where they are not, see `SeedSpread` for the scatter that follows.
public struct MeanFieldPredictor {
    private let design: NetworkDesign
    private let input: InputStatistics
    private let batch: Int
    private let seeds: Int
    private let units: UnitPredictor
    /// The batch normalisation with the fewest values a channel.
    private let scarcest: NormalizationSite?

    /// - Parameters:
    ///   - input: statistics of x_0; those of independent inputs behind the design's stem by default.
    ///   - batch: samples, which say when dropout leaves no element of the direct term.
    ///   - seeds: runs whose median the band is for.
    /// - Throws: `PredictionError` where the design holds a part that is unknown to the theory or has no Gaussian
    ///   expectation, normalises over two values a channel or fewer, or leads beyond the range of what theory computes
    ///   with.
    public init(
        _ design: NetworkDesign, input: InputStatistics? = nil, batch: Int = 16, seeds: Int = 1
    ) throws {
        self.design = design
        self.input = input ?? .independent(of: design)
        self.batch = batch
        self.seeds = max(1, seeds)
        try PredictionError.requireRange(self.input.meanSquare, of: "x_0")
        units = try UnitPredictor(design, input: self.input.meanSquare)
        scarcest = try design.scarcestNormalization(batch: batch)
        if let scarcest, scarcest.valuesPerChannel <= 2 {
            throw PredictionError.scarceStatistics(layer: scarcest.name, values: scarcest.valuesPerChannel)
        }
    }

    /// - Throws: `PredictionError.apart` where energies leave the range of numbers on the way.
    public func predict() throws(PredictionError) -> PredictedTrace {
        var x = try firstSignal()
        var rows = [row(0, x, deviation: 0)]
        var pullbacks: [UnitPullbacks] = []
        pullbacks.reserveCapacity(design.unitCount)
        var scatter = 0.0
        for (stage, count) in design.unitsPerStage.enumerated() {
            // From a stage's second unit on, a signal that a unit hands on as it came is the same for all units of its
            // kind that follow.
            var settled: (unit: UnitMoments, kind: Int)?
            for position in 0..<count {
                let kind = units.rules.rules[pullbacks.count].kind
                if settled?.kind != kind { settled = nil }
                let place = site(stage: stage, position: position, of: pullbacks.count)
                let unit: UnitMoments
                if let settled { unit = settled.unit } else { unit = try units.linearize(x, at: place) }
                var next = unit.output
                next.rescale()
                try requireNumbers(next, after: pullbacks.count)
                if position > 0 && settled == nil && next.isAlike(x) { settled = (unit, kind) }
                x = next
                pullbacks.append(unit.pullbacks)
                scatter = forwardScatter(scatter, unit)
                rows.append(row(pullbacks.count, x, deviation: deviation(scatter)))
            }
        }
        let top = try headCotangent(x)
        var trace = BackwardPrediction(
            pullbacks: pullbacks, top: top, topSignal: x, survival: survival
        ).trace(rows: rows, seeds: seeds, medianFactor: medianFactor)
        guard top.logTotal.isFinite, trace.units.allSatisfy(\.isFinite) else {
            throw .apart(shortcut: design.shortcut.name, units: design.unitCount)
        }
        trace.reservation = KnownMiss.reason(for: design, rules: units.rules, scarcest: scarcest)
        return trace
    }

    /// Expectations of formulas may end where those at N(0, 1) did not.
    private func requireNumbers(_ x: SignalMoments, after index: Int) throws(PredictionError) {
        guard !units.rules.isOfRelu, !x.meanSquare.isFinite else { return }
        throw .noExpectation(
            function: "the formulas of unit \(index)", law: "the signal there",
            reason: "it diverges, or leaves the range of numbers")
    }

    /// x_0: convolution (or a fully connected layer), BN, activation and max pooling, with the moments that were stated.
    private func firstSignal() throws(PredictionError) -> SignalMoments {
        let stem = design.architecture.stem
        let side = design.architecture.isOfVectors ? 1 : design.input.height
        let image = SignalMoments(
            groups: [ChannelGroup(channels: 1, variance: 1, mean: 0)], profile: SpatialProfile(uniform: side),
            correlation: 0)
        let layers: [any MomentMap] =
            [
                ConvolutionMoments(
                    outputs: Double(design.stemOutput.channels), kernel: stem?.kernel ?? 1,
                    stride: stem?.stride ?? 1, side: side)
            ] + (try units.maps([.normalization, .activation], at: units.rules.stemPosition))
        var x = MomentSequence(maps: layers).linearize(image).value
        let variance = max(0, input.meanSquare - input.channelMeanSquare)
        x.groups[0].variance = variance
        x.groups[0].mean = input.channelMeanSquare.squareRoot()
        if let window = stem?.pooling {
            x.profile = x.profile.averaged(over: window)
            // The largest of several is hardly skewed, and hardly ever 0.
            let mean = x.groups[0].mean
            x.groups[0].law = ElementLaw(
                grid: units.grid.map { RectifiedLaw(mean: mean, variance: variance, on: $0) })
        } else {
            let stem = units.rules.stem
            x.groups[0].law = ElementLaw(
                rectifiedPart: stem.variance > 0 ? (variance / stem.variance).squareRoot() : 0,
                grid: units.grid.flatMap { firstLaw(mean: x.groups[0].mean, variance: variance, on: $0) })
        }
        x.correlation = input.correlation
        x.lengthVariance = input.lengthVariance
        return x
    }

    /// The law of x_0 on a grid: of t with x_0 = max(0, t), or of x_0 itself where h or f is no factor. Values that were
    /// not rectified are no rectified values, and start as Gaussian ones.
    private func firstLaw(mean: Double, variance: Double, on grid: ElementGrid) -> RectifiedLaw? {
        let stem = units.rules.stem
        guard units.rules.remembersOtherwise else {
            return stem.isRectified ? RectifiedLaw(mean: 0, variance: 2 * input.meanSquare, on: grid) : nil
        }
        let part = stem.variance > 0 ? (variance / stem.variance).squareRoot() : 0
        return RectifiedLaw(
            points: stem.points.map { (mean + part * ($0.value - stem.mean), $0.weight) }, on: grid)
    }

    private func site(stage: Int, position: Int, of index: Int) -> UnitPredictor.Site {
        let opening = design.architecture.stages[stage]
        let baseWidth = Double(opening.widths * design.baseWidth)
        let stride = position == 0 ? opening.stride : 1
        return UnitPredictor.Site(
            index: index, shape: UnitPredictor.BranchShape(stage: stage, stride: stride),
            outputs: baseWidth * Double(design.block.expansion), baseWidth: baseWidth,
            stride: stride)
    }

    /// g_L, up to scale: pooling hands the same to every position, and a pre-activation network's last
    /// activation divides it by each channel's variance.
    private func headCotangent(_ x: SignalMoments) throws(PredictionError) -> GradientMoments {
        let position = units.rules.headPosition(width: Int(saturating: x.channels))
        let head = try units.leading(of: x, at: position)
        return head.pullback.pull(GradientMoments(uniform: 1, like: head.value))
    }

    /// Where dropout may leave no element of the direct term.
    private var survival: BackwardPrediction.Survival? {
        let kept = units.rules.rules.map(\.keptShare)
        guard kept.contains(where: { $0 != nil }) else { return nil }
        return BackwardPrediction.Survival(
            logElements: log(Double(batch)), logKept: kept.map { log($0 ?? 1) })
    }

    private func row(_ index: Int, _ x: SignalMoments, deviation: Double) -> PredictedUnit {
        func decades(_ value: Double, _ scale: Double) -> Double? {
            value > 0 ? (log(value) + 2 * x.logScale) * scale / log(10) : nil
        }
        var row = PredictedUnit(unit: index, channels: Int(saturating: x.channels))
        row.forwardRMSLog10 = decades(x.meanSquare, 0.5)
        row.channelMeanSquareLog10 = decades(x.channelMeanSquare, 1)
        row.channelVarianceLog10 = decades(x.variance, 1)
        row.forwardDeviation = deviation
        return row
    }

    /// Variance of ln E[x²]: each branch adds its own, weighted with its share.
    private func forwardScatter(_ scatter: Double, _ unit: UnitMoments) -> Double {
        let share = unit.branchShare
        return scatter * (1 - share) * (1 - share) + unit.pullbacks.shortcutSpread * (1 - share)
            + unit.pullbacks.branchSpread * share * share
    }

    /// Decades of a norm from a variance of ln energy.
    private func deviation(_ variance: Double) -> Double {
        variance.squareRoot() / (2 * log(10)) * medianFactor
    }

    /// A median of n normal values scatters √(π/2n) as far as one of them.
    private var medianFactor: Double {
        seeds > 2 ? (Double.pi / (2 * Double(seeds))).squareRoot() : 1 / Double(seeds).squareRoot()
    }
}
