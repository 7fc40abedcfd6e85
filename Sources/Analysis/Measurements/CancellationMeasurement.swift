import Foundation
import Kernels
import NumericalMethods
import Tensors

/// Compares the two terms of Eqn. 5 sample by sample.
struct CancellationMeasurement<Scalar: KernelScalar> {
    /// From x_L downwards, as they come.
    private var descending: [Cancellation] = []
    var rows: [Cancellation] { descending.reversed() }

    mutating func visit(_ step: BackwardStep<Scalar>) {
        let (total, direct, throughWeights) = (
            step.paths.total, step.paths.direct, step.paths.throughWeights
        )
        guard let batch = total.map(\.tensor.shape.batch).min() else { return }
        var row = Cancellation(unit: step.row)
        var (cancelled, counted, cosines) = (0, 0, [Double]())
        for sample in 0..<batch {
            let d = direct.map { $0.norm(ofSample: sample) }
            guard let size = LogNorm(of: d).value else { continue }
            counted += 1
            let g = LogNorm(of: total.map { $0.norm(ofSample: sample) }).value ?? -.infinity
            if g < size + log10(Cancellation.threshold) { cancelled += 1 }
            let w = throughWeights.map { $0.norm(ofSample: sample) }
            guard let other = LogNorm(of: w).value else { continue }
            // Over the tensors of the state, each by its share of both sizes.
            cosines.append(
                direct.indices.reduce(0) { sum, part in
                    guard let own = d[part].value, let its = w[part].value else { return sum }
                    return sum + direct[part].cosine(with: throughWeights[part], sample: sample)
                        * pow(10, own - size + its - other)
                })
        }
        row.cancelledShare = counted > 0 ? Double(cancelled) / Double(counted) : nil
        if let order = try? Quantiles(of: cosines) {
            row.cosineMinimum = order.minimum
            row.cosineLowerQuartile = order.lowerQuartile
            row.cosineMedian = order.median
            row.cosineUpperQuartile = order.upperQuartile
            row.cosineMaximum = order.maximum
        }
        descending.append(row)
    }
}

extension ScaledTensor where Scalar: KernelScalar {
    /// log10 of the norm of one sample.
    fileprivate func norm(ofSample n: Int) -> LogNorm { log10Norm(squaredNorm: squares(ofSample: n)) }

    /// Σ over one sample, the scale left aside.
    private func squares(ofSample n: Int) -> Double {
        Scalar.kernels.dot(sample: n, of: tensor, sample: n, of: tensor)
    }

    /// Cosine between one sample of two tensors; 0 where either is 0.
    fileprivate func cosine(with other: ScaledTensor, sample n: Int) -> Double {
        // Rooted one by one: the product of the squares may leave the range of numbers.
        let sizes = (squares(ofSample: n).squareRoot(), other.squares(ofSample: n).squareRoot())
        guard sizes.0 > 0, sizes.1 > 0, factor != 0, other.factor != 0 else { return 0 }
        let product = Scalar.kernels.dot(sample: n, of: tensor, sample: n, of: other.tensor)
        let cosine = product / (sizes.0 * sizes.1)
        return (factor < 0) != (other.factor < 0) ? -cosine : cosine
    }
}
