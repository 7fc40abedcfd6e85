import Kernels
import Tensors

/// The images a network is measured on, (N, C, H, W), with their labels.
public struct LabelledBatch<Scalar: KernelScalar>: Sendable {
    public let input: Tensor<Scalar>
    public let labels: [Int]

    /// - Parameter elements: in (N, C, H, W) order.
    public init(_ elements: [Scalar], shape: Shape, labels: [Int]) {
        precondition(labels.count == shape.batch, "\(labels.count) labels for \(shape.batch) samples")
        input = Scalar.kernels.arranged(Tensor(elements, shape: shape))
        self.labels = labels
    }
}
