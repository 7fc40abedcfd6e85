import DataSets
import Kernels
import Tensors

/// Images (N, C, H, W) with one label each.
public struct TrainingBatch<Scalar: KernelScalar>: Sendable {
    public let input: Tensor<Scalar>
    public let labels: [Int]

    public init(input: Tensor<Scalar>, labels: [Int]) {
        self.input = Scalar.kernels.arranged(input)
        self.labels = labels
    }

    /// From normalised pixels in (N, C, H, W) order.
    public init(pixels: [Float], shape: Shape, labels: [Int]) {
        let plain = Tensor(pixels, shape: shape)
        self.init(input: plain as? Tensor<Scalar> ?? plain.converted(), labels: labels)
    }

    public init(_ images: LabelledImages) {
        let shape = Shape(images.count, images.shape.channels, images.shape.height, images.shape.width)
        self.init(pixels: images.pixels, shape: shape, labels: images.labels)
    }

    /// Neighbouring parts of equal size.
    ///
    /// - Throws: `TrainingError.unevenReplicas`.
    func split(over replicas: Int) throws -> [TrainingBatch] {
        guard replicas > 1 else { return [self] }
        guard labels.count % replicas == 0 else {
            throw TrainingError.unevenReplicas(batch: labels.count, replicas: replicas)
        }
        let size = labels.count / replicas
        return (0..<replicas).map { replica in
            let samples = (replica * size)..<((replica + 1) * size)
            return TrainingBatch(input: input.samples(samples), labels: Array(labels[samples]))
        }
    }
}
