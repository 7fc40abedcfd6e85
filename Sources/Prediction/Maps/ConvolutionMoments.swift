/// A convolution with He's fan-out initialisation, N(0, 2/(k²·outputs)), zero padding and a stride.
///
/// With t the share of taps inside the image, averaged as the position needs it, and independent weights,
///
///     mean square   q_y(p) = 2·(inputs/outputs)·mean over taps o of q_x(p + o)
///     channel mean  m_y    = 2·(inputs/outputs)·mean over o of (mean over p of μ_x(p + o))²
///     backward      e_x(p) = 2·mean over o of e_y(p − o),   e per element
///
/// so that a side of length H loses κ = (1 − 2/(3H))² of q and of the backward energy to padding, and r² of m,
/// r = (1 + 2(1 − 1/H)²)/3. What the channel mean's pattern over positions has beyond its mean is variance.
struct ConvolutionMoments: MomentMap {
    let outputs: Double
    private let window: AxisWindow
    /// What the padding makes of a channel mean that is the same everywhere: its mean square along one axis, and
    /// how its square deviates from the mean, position by position.
    private let patternMeanSquare: Double
    private let patternDeviation: [Double]

    /// - Parameter side: H of the input.
    init(outputs: Double, kernel: Int, stride: Int, side: Int) {
        self.outputs = outputs
        window = AxisWindow(inputs: side, kernel: kernel, stride: stride)
        let ones = Array(repeating: 1.0, count: side)
        let tapMeans = window.tapMeans(ones)
        let meanSquare = tapMeans.map { $0 * $0 }.mean
        let square = window.average(ones)
        let cross = window.average(ones, weightedBy: tapMeans)
        let (squareMean, crossMean) = (square.mean, cross.mean)
        patternMeanSquare = meanSquare * meanSquare
        // Along one axis; the other factor is the mean of the same vector.
        patternDeviation = zip(square, cross).map {
            max(0, $0 * squareMean - 2 * $1 * crossMean + meanSquare * meanSquare)
        }
    }

    func linearize(_ x: SignalMoments) -> LinearizedMoments {
        let inputs = x.channels
        let spread = window.average(x.profile.weights)
        let (variance, channelMeanSquare) = (x.variance * spread.mean, x.channelMeanSquare)
        let variances = zip(spread, patternDeviation).map { variance * $0 + channelMeanSquare * $1 }
        let gain = 2 * inputs / outputs
        let group = ChannelGroup(
            channels: outputs, variance: gain * variances.mean, mean: 0,
            randomMean: gain * channelMeanSquare * patternMeanSquare)
        let value = SignalMoments(
            groups: [group], profile: SpatialProfile(variances), correlation: x.correlation,
            lengthVariance: x.lengthVariance, channelSpread: x.channelSpread, logScale: x.logScale)
        let pullback = ConvolutionPullback(window: window, inputs: x.groups.map(\.channels))
        return LinearizedMoments(value: value, pullback: pullback)
    }
}

struct ConvolutionPullback: EnergyPullback {
    let window: AxisWindow
    let inputs: [Double]

    func pull(_ cotangent: GradientMoments) -> GradientMoments {
        let spread = window.spread(cotangent.profile.weights)
        return cotangent.replaced(
            energy: 2 * cotangent.energy * spread.mean * spread.mean, channels: inputs,
            profile: SpatialProfile(spread))
    }
}

/// Option A: every `stride`-th position, zero channels appended.
struct SubsamplingMoments: MomentMap {
    let outputs: Double
    let stride: Int

    func linearize(_ x: SignalMoments) -> LinearizedMoments {
        var value = x
        let kept = stride(from: x.profile.weights)
        let share = kept.mean * kept.mean
        for index in value.groups.indices { value.groups[index].variance *= share }
        value.profile = SpatialProfile(kept)
        value.groups.append(ChannelGroup(channels: outputs - x.channels, variance: 0, mean: 0))
        let window = AxisWindow(inputs: x.profile.side, kernel: 1, stride: stride)
        return LinearizedMoments(
            value: value, pullback: SubsamplingPullback(window: window, groups: x.groups.count))
    }

    private func stride(from values: [Double]) -> [Double] {
        Swift.stride(from: 0, to: values.count, by: stride).map { values[$0] }
    }
}

struct SubsamplingPullback: EnergyPullback {
    let window: AxisWindow
    let groups: Int

    func pull(_ cotangent: GradientMoments) -> GradientMoments {
        let spread = window.spread(cotangent.profile.weights)
        let kept = GradientMoments(
            groups: Array(cotangent.groups.prefix(groups)), profile: SpatialProfile(spread),
            logScale: cotangent.logScale)
        return kept.scaled(by: spread.mean * spread.mean)
    }
}
