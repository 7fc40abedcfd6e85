import Foundation
import Kernels
import Tensors

/// E: softmax cross-entropy, mean over the batch.
public struct SoftmaxCrossEntropy: Sendable {
    public let labels: [Int]

    public init(labels: [Int]) { self.labels = labels }

    /// The loss and its cotangent, (softmax − one-hot)/N, at logits of shape (N, classes, 1, 1). The cotangent carries a
    /// scale where every sample is classified so surely that its elements would be too small for the type.
    ///
    /// - Throws: `NetworkError.labelOutOfRange`.
    public func evaluate<Scalar: KernelScalar>(
        at logits: Tensor<Scalar>
    ) throws -> (loss: Double, cotangent: ScaledTensor<Scalar>) {
        let classes = logits.shape.channels
        let values = logits.doubles
        let rows = try zip(labels, stride(from: 0, to: logits.shape.count, by: classes)).map { label, start in
            guard (0..<classes).contains(label) else {
                throw NetworkError.labelOutOfRange(label: label, classes: classes)
            }
            return Row(label: label, logits: Array(values[start..<(start + classes)]))
        }
        let count = Double(rows.count)
        let margin = rows.map(\.margin).max() ?? 0
        let scale = margin.isFinite && margin < Self.leastMargin ? margin : 0
        let cotangent = rows.flatMap { $0.cotangent(timesExpOf: -scale) }.map { $0 / count }
        return (
            rows.reduce(0) { $0 + $1.loss } / count,
            ScaledTensor(Tensor(rounding: cotangent, shape: logits.shape), naturalLogarithm: scale)
        )
    }

    /// e^this is still well within the range of Float.
    private static var leastMargin: Double { -60 }

    /// One sample.
    private struct Row {
        let label: Int
        let logits: [Double]
        let largest: Double
        /// Σ e^(z − largest) over all classes but one of the largest.
        let rest: Double

        init(label: Int, logits: [Double]) {
            self.label = label
            self.logits = logits
            let first = logits.indices.max { logits[$0] < logits[$1] } ?? 0
            let largest = logits[first]
            self.largest = largest
            rest = logits.indices.reduce(0) { $1 == first ? $0 : $0 + exp(logits[$1] - largest) }
        }

        /// −log of the label's probability; of a sure one it is as small as what the others are left.
        var loss: Double { largest - logits[label] + log1p(rest) }

        /// log of the largest probability of another class, to within log of the number of classes.
        var margin: Double {
            (logits.indices.filter { $0 != label }.map { logits[$0] }.max() ?? largest) - largest
        }

        /// e^`shift` times softmax − one-hot. The label's element is the others' negative sum: 1 − p would cancel.
        func cotangent(timesExpOf shift: Double) -> [Double] {
            var elements = logits.map { exp($0 - largest + shift) / (1 + rest) }
            elements[label] = 0
            elements[label] = -elements.reduce(0, +)
            return elements
        }
    }
}
