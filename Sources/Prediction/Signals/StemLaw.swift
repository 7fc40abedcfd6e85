import Foundation

/// The law of φ₀(ξ), ξ ~ N(0, 1): what a stem's activation leaves in x_0 behind its batch normalisation.
struct StemLaw: Sendable {
    let mean: Double
    let variance: Double
    /// Values and their probabilities.
    let points: [(value: Double, weight: Double)]

    /// Of ReLU: half of the elements are 0.
    static let rectified = StemLaw(
        mean: ActivationLayerMoments.rectifiedMean, variance: ActivationLayerMoments.rectifiedVariance,
        points: [(0, 0.5)] + GaussianNodes.halfLine.map { ($0.node, $0.weight) })

    /// Whether it is max(0, ξ).
    let isRectified: Bool

    private init(mean: Double, variance: Double, points: [(value: Double, weight: Double)]) {
        isRectified = true
        self.mean = mean
        self.variance = variance
        self.points = points
    }

    /// Of any function: at the same nodes on both sides where it is piecewise linear, at 21 where it is to be integrated,
    /// which are exact for smooth functions. A kink elsewhere than at 0 costs some 1e−3 of what the stem leaves, which fades.
    init(_ activation: any Activation) {
        isRectified = activation is RectifierActivation
        let moments = activation.moments(mean: 0, variance: 1)
        mean = moments.mean
        variance = max(0, moments.meanSquare - moments.mean * moments.mean)
        let nodes =
            activation is IntegratedActivation
            ? GaussianNodes.everyThird
            : GaussianNodes.halfLine.flatMap { [(-$0.node, $0.weight), ($0.node, $0.weight)] }
        points = nodes.map { (activation.moments(mean: $0.0, variance: 0).mean, $0.1) }
    }
}
