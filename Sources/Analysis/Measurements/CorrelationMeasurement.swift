import Kernels

/// Cosines between the gradients of all pairs of samples.
struct CorrelationMeasurement<Scalar: KernelScalar> {
    /// From x_L downwards, as they come.
    private var descending: [GradientCorrelation] = []
    var rows: [GradientCorrelation] { descending.reversed() }

    mutating func visit(_ step: BackwardStep<Scalar>) {
        let product = SampleProducts(step.paths.total)
        let samples = 0..<min(product.count, GradientCorrelation.greatestSampleCount)
        let norms = samples.map { product($0, $0).squareRoot() }
        var (sum, absolute, pairs) = (0.0, 0.0, 0)
        for i in samples where norms[i] > 0 {
            for j in samples where j > i && norms[j] > 0 {
                let cosine = product(i, j) / (norms[i] * norms[j])
                (sum, absolute, pairs) = (sum + cosine, absolute + abs(cosine), pairs + 1)
            }
        }
        descending.append(
            GradientCorrelation(
                unit: step.row, meanCosine: pairs > 0 ? sum / Double(pairs) : nil,
                meanAbsoluteCosine: pairs > 0 ? absolute / Double(pairs) : nil, pairs: pairs))
    }
}
