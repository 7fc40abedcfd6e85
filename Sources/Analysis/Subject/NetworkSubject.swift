import Graphs
import Kernels
import ResidualNetworks
import Tensors

/// A network on a batch of labelled images, in training or inference mode.
public struct NetworkSubject<Scalar: KernelScalar>: MeasuredSubject {
    public let network: Network<Scalar>
    public let batch: LabelledBatch<Scalar>
    public let mode: AnalysisOptions.Mode
    /// Source of dropout masks.
    public let masks: any MaskSource
    /// What batch normalisation has in inference mode; `nil` for the batch's own, of a pass in training mode.
    public let statistics: RunningStatistics?
    private let written: NetworkModel

    /// - Parameter statistics: of a trained network, for inference mode; training mode has those of the batch.
    /// - Throws: `NetworkError.singleValueStatistics`, and other errors of networks that cannot be on this batch.
    public init(
        _ network: Network<Scalar>, on batch: LabelledBatch<Scalar>, mode: AnalysisOptions.Mode,
        masks: any MaskSource, statistics: RunningStatistics? = nil
    ) throws {
        self.network = network
        self.statistics = mode == .inference ? statistics : nil
        self.batch = batch
        self.mode = mode
        self.masks = masks
        written = try network.model(
            batch: batch.input.shape.batch, mode: mode == .training ? .training : .inference)
    }

    public var model: ResidualModel { written.model }
    public var loss: Loss { .crossEntropy(Labels(batch.labels)) }
    public var design: NetworkDesign? { network.design }
    public var name: String { network.design?.architecture.name ?? "graph" }
    public var hasLines: Bool { true }
    public var isCalibrated: Bool { mode == .inference }
    public var largestTensor: Int { model.largestRow }

    public var parameters: [MeasuredParameter<Scalar>] {
        zip(written.parameters, network.parameters).map { declared, parameter in
            MeasuredParameter(name: parameter.name, value: declared.value, tensor: parameter.values)
        }
    }

    public func arguments() throws -> GraphArguments<Scalar> {
        try network.arguments(
            written, input: batch.input, masks: masks,
            statistics: mode == .inference ? try inferenceStatistics() : [:])
    }

    private func inferenceStatistics() throws -> RunningStatistics {
        try statistics ?? network.calibratedStatistics(on: batch.input, masks: masks)
    }

    public func lines() throws -> SampleLines<Scalar>? {
        let (network, masks) = (network, masks)
        let statistics = try inferenceStatistics()
        return SampleLines(input: batch.input, labels: batch.labels) { images in
            let written = try network.model(batch: images.shape.batch, mode: .inference)
            return (
                written.model,
                try network.arguments(written, input: images, masks: masks, statistics: statistics)
            )
        }
    }
}
