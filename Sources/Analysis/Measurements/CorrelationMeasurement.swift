import Kernels
import Tensors

/// Cosines between the gradients of all pairs of samples.
struct CorrelationMeasurement<Scalar: KernelScalar> {
    /// From x_L downwards, as they come.
    private var descending: [GradientCorrelation] = []
    var rows: [GradientCorrelation] { descending.reversed() }

    mutating func visit(_ step: BackwardStep<Scalar>) {
        // Of a state of several tensors, the first.
        guard let gradient = step.paths.total.first?.tensor else { return }
        let kernels = Scalar.kernels
        let samples = 0..<min(gradient.shape.batch, GradientCorrelation.greatestSampleCount)
        let norms = samples.map {
            kernels.dot(sample: $0, of: gradient, sample: $0, of: gradient).squareRoot()
        }
        var (sum, absolute, pairs) = (0.0, 0.0, 0)
        for i in samples where norms[i] > 0 {
            for j in samples where j > i && norms[j] > 0 {
                let product = kernels.dot(sample: i, of: gradient, sample: j, of: gradient)
                let cosine = product / (norms[i] * norms[j])
                (sum, absolute, pairs) = (sum + cosine, absolute + abs(cosine), pairs + 1)
            }
        }
        descending.append(
            GradientCorrelation(
                unit: step.row, meanCosine: pairs > 0 ? sum / Double(pairs) : nil,
                meanAbsoluteCosine: pairs > 0 ? absolute / Double(pairs) : nil, pairs: pairs))
    }
}
