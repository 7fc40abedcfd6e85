import Foundation
import Kernels
import ResidualNetworks

/// The moments of x_0, the stem's output, and how far its samples and positions are correlated.
public struct InputStatistics: Sendable, Equatable {
    /// Mean of x_0² over all elements.
    public var meanSquare: Double
    /// Mean over channels of the squared channel mean.
    public var channelMeanSquare: Double
    /// Root mean square, over pairs of samples and positions, of the correlation of x_0 (channel means removed):
    /// √(tr Σ²)/tr Σ of the channels' covariance Σ.
    public var correlation: Double
    /// Relative variance, over samples and positions, of the squared length of x_0's feature vectors (channel means
    /// removed).
    public var lengthVariance: Double

    public init(
        meanSquare: Double, channelMeanSquare: Double, correlation: Double, lengthVariance: Double = 0
    ) {
        self.lengthVariance = lengthVariance
        self.meanSquare = meanSquare
        self.channelMeanSquare = channelMeanSquare
        self.correlation = correlation
    }

    /// Independent inputs behind BN and ReLU: ½, 1/(2π), 0.
    public static let independent = InputStatistics(
        meanSquare: 0.5, channelMeanSquare: 1 / (2 * Double.pi), correlation: 0)

    /// Independent inputs behind a stem. Max pooling of k² independent normal values and 0 has the moments
    /// ∫₀^∞ xⁿ k² φ(x) Φ(x)^(k²−1) dx: 2.56 and 2.20 for a window of 3×3.
    public static func independent(behind stem: StemDesign?) -> InputStatistics {
        guard let window = stem?.pooling else { return .independent }
        let count = Double(window.kernel * window.kernel)
        var (mean, meanSquare) = (0.0, 0.0)
        for (x, weight) in GaussianNodes.halfLine {
            let density = weight * count * pow(erfc(-x / 2.0.squareRoot()) / 2, count - 1)
            mean += density * x
            meanSquare += density * x * x
        }
        return InputStatistics(meanSquare: meanSquare, channelMeanSquare: mean * mean, correlation: 0)
    }

    /// Independent inputs behind a design's stem and its activation, which max pooling may take for an increasing one.
    public static func independent(of design: NetworkDesign) -> InputStatistics {
        let stem = design.architecture.stem
        guard let activation = stemActivation(of: design) else { return .independent(behind: stem) }
        guard let window = stem?.pooling else {
            let moments = activation.moments(mean: 0, variance: 1)
            return InputStatistics(
                meanSquare: moments.meanSquare, channelMeanSquare: moments.mean * moments.mean, correlation: 0
            )
        }
        let count = Double(window.kernel * window.kernel)
        var (mean, meanSquare) = (0.0, 0.0)
        for (node, weight) in GaussianNodes.halfLine {
            for x in [node, -node] {
                let density = weight * count * pow(erfc(-x / 2.0.squareRoot()) / 2, count - 1)
                let value = activation.moments(mean: x, variance: 0).mean
                mean += density * value
                meanSquare += density * value * value
            }
        }
        return InputStatistics(meanSquare: meanSquare, channelMeanSquare: mean * mean, correlation: 0)
    }

    /// The same of these images, as of `init(pixels:…stem:)`, which knows ReLU: what another activation makes of small
    /// correlations and unequal lengths (`ActivationResponse`) takes the place of what ReLU makes of them.
    public init(
        pixels: [Float], samples: Int, channels: Int, height: Int, width: Int, of design: NetworkDesign
    ) {
        self.init(
            pixels: pixels, samples: samples, channels: channels, height: height, width: width,
            stem: design.architecture.stem)
        guard let activation = Self.stemActivation(of: design) else { return }
        let response = activation.response(variance: 1)
        let independent = Self.independent(of: design)
        (meanSquare, channelMeanSquare) = (independent.meanSquare, independent.channelMeanSquare)
        correlation *= response.correlationKept / ActivationResponse.rectifier.correlationKept
        lengthVariance *= response.lengthSlope * response.lengthSlope
    }

    /// `nil` for ReLU, and for what theory does not know.
    private static func stemActivation(of design: NetworkDesign) -> (any Activation)? {
        let position = UnitPosition(
            index: 0, count: design.unitCount, stage: 0, width: design.stemOutput.channels)
        let found = try? FormulaActivations().activation(design.activation, at: position)
        return found is RectifierActivation ? nil : found
    }

    /// x_0 of these images behind a random convolution (or fully connected layer), BN and ReLU, averaged over
    /// the weights instead of drawn: patches give the covariance of pre-activations, the arc-cosine kernel that
    /// of x_0 (Cho and Saul 2009). Max pooling has no such kernel, and there filters are drawn after all.
    ///
    /// - Parameters:
    ///   - pixels: (N, C, H, W) in row-major order.
    ///   - stem: `nil` where it reads the whole image.
    public init(
        pixels: [Float], samples: Int, channels: Int, height: Int, width: Int, stem: StemDesign?
    ) {
        let images = StemImages(
            pixels: pixels, samples: samples, channels: channels, height: height, width: width)
        if let stem, let window = stem.pooling {
            self =
                PooledPatchSample(images, stem: stem, window: window).statistics
                ?? .independent(behind: stem)
        } else {
            self = PatchSample(images, stem: stem).rectifiedStatistics()
        }
    }
}
