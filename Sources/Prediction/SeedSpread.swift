import ResidualNetworks

/// How far the energy that a layer passes on scatters with its weights.
///
/// ‖Wᵀu‖² of a matrix of finite size scatters by about 1/(inputs·outputs), more where u and the features are
/// correlated and less where a 3×3 filter averages over positions. The two constants were read off stacks of 54
/// layers without shortcuts and of 1×1 convolutions; they set the width of the band and nothing else.
struct SeedSpread {
    /// Variance of ln energy through the branch.
    let branch: Double
    /// The same for a 1×1 convolution from x_l to the size of x_{l+1}.
    let pointwise: Double

    private static func constant(kernel: Int) -> Double { kernel == 1 ? 14 : 3 }

    init(design: NetworkDesign, inputs: Double, site: UnitPredictor.Site) {
        var (sum, width) = (0.0, inputs)
        for layer in design.block.layers {
            let outputs = Double(layer.widths) * site.baseWidth
            let kernel = design.architecture.kernel(of: layer)
            sum += Self.constant(kernel: kernel) / (width * outputs)
            width = outputs
        }
        branch = sum
        pointwise = Self.constant(kernel: 1) / (inputs * site.outputs)
    }
}
