import Foundation
import Kernels
import Tensors

/// E: softmax cross-entropy, mean over the batch.
public struct SoftmaxCrossEntropy: Sendable {
    public let labels: [Int]

    public init(labels: [Int]) { self.labels = labels }

    /// The loss and its cotangent, (softmax − one-hot)/N, at logits of shape (N, classes, 1, 1).
    /// - Throws: `NetworkError.labelOutOfRange`.
    public func evaluate<Scalar: KernelScalar>(
        at logits: Tensor<Scalar>
    ) throws -> (loss: Double, cotangent: Tensor<Scalar>) {
        let classes = logits.shape.channels
        let values = logits.doubles
        var loss = 0.0
        var cotangent = [Double](repeating: 0, count: values.count)
        for (sample, label) in labels.enumerated() {
            guard (0..<classes).contains(label) else {
                throw NetworkError.labelOutOfRange(label: label, classes: classes)
            }
            let row = values[(sample * classes)..<((sample + 1) * classes)]
            let largest = row.max() ?? 0
            let normalizer = row.reduce(0) { $0 + exp($1 - largest) }
            loss -= values[sample * classes + label] - largest - log(normalizer)
            for (column, value) in row.enumerated() {
                let probability = exp(value - largest) / normalizer - (column == label ? 1 : 0)
                cotangent[sample * classes + column] = probability / Double(labels.count)
            }
        }
        return (loss / Double(labels.count), Tensor(rounding: cotangent, shape: logits.shape))
    }
}
