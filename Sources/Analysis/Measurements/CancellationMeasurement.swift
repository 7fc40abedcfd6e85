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
        // Of a state of several tensors, the first.
        guard let terms = step.paths.parts.first else { return }
        let (g, d, w) = (terms.total, terms.direct, terms.throughWeights)
        var row = Cancellation(unit: step.row)
        var (cancelled, counted, cosines) = (0, 0, [Double]())
        for sample in 0..<g.tensor.shape.batch {
            let directSquares = d.squares(ofSample: sample)
            guard let direct = d.log10Norm(squaredNorm: directSquares).value else { continue }
            counted += 1
            let total = g.log10Norm(squaredNorm: g.squares(ofSample: sample)).value ?? -.infinity
            if total < direct + log10(Cancellation.threshold) { cancelled += 1 }
            if let cosine = d.cosine(with: w, sample: sample, squares: directSquares) {
                cosines.append(cosine)
            }
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
    /// Σ over one sample, the scale left aside.
    fileprivate func squares(ofSample n: Int) -> Double {
        Scalar.kernels.dot(sample: n, of: tensor, sample: n, of: tensor)
    }

    /// Cosine between one sample of two tensors, given the squares of the first; `nil` where either is 0.
    fileprivate func cosine(with other: ScaledTensor, sample n: Int, squares: Double) -> Double? {
        let others = other.squares(ofSample: n)
        guard squares > 0, others > 0, factor * other.factor != 0 else { return nil }
        let product = Scalar.kernels.dot(sample: n, of: tensor, sample: n, of: other.tensor)
        let cosine = product / (squares.squareRoot() * others.squareRoot())
        return factor * other.factor < 0 ? -cosine : cosine
    }
}
