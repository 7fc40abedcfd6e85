import Analysis
import Graphs
import Kernels
import Limits
import ONNX
import Operators
import Reporting
import ResidualNetworks
import Safetensors
import Tensors

/// `weights.safetensors` and `batch.safetensors`: what another framework needs to recompute every number; and
/// `model.onnx`, the network itself.
struct TensorExport<Scalar: KernelScalar> {
    let subject: NetworkSubject<Scalar>
    let masks: RecordedMasks
    let manifest: RunManifest

    private var network: Network<Scalar> { subject.network }
    private var batch: LabelledBatch<Scalar> { subject.batch }

    func write(to folder: String) throws {
        let arguments = try subject.arguments()
        var metadata = manifest.configuration
        metadata[TensorExportFiles.mark] = manifest.version
        try SafetensorsWriter.write(
            try weights(arguments), metadata: metadata, to: "\(folder)/\(TensorExportFiles.weights)")
        try SafetensorsWriter.write(
            batchTensors(), metadata: metadata, to: "\(folder)/\(TensorExportFiles.batch)")
        let model = try model(arguments, metadata)
        do throws(ModelFileError) {
            try model.write(to: "\(folder)/\(TensorExportFiles.model)")
        } catch .tooLarge(_, let bytes) {
            StandardStream.tell(
                "\(TensorExportFiles.model) is not written: it would have \(ByteCount.words(bytes)), and an ONNX file has "
                    + "at most \(ByteCount.words(ModelFile.greatestSize)).")
        }
    }

    /// The network on this batch, or on any number of samples where no mask stands for these.
    private func model(
        _ arguments: GraphArguments<Scalar>, _ metadata: [String: String]
    ) throws -> ModelFile {
        // A logit a class, not a map of one.
        let graph = try subject.model.path.graph.applying(Reshape.flatten(), name: "logits")
        return try ModelFile(
            graph, arguments, batch: "batch", producer: "propagate \(manifest.version)", metadata: metadata)
    }

    private func weights(_ arguments: GraphArguments<Scalar>) throws -> [SafetensorsTensor] {
        let parameters = network.parameters.map { parameter in
            tensor(parameter.name, shape: parameter.dimensions) { parameter.values }
        }
        return parameters + runningStatistics(arguments)
    }

    /// Those that inference mode used; in training mode, where nothing updates them, mean 0 and variance 1.
    private func runningStatistics(_ arguments: GraphArguments<Scalar>) -> [SafetensorsTensor] {
        let channels = Dictionary(
            network.parameters.map { ($0.name, $0.count) }, uniquingKeysWith: { first, _ in first })
        return network.normalizations.flatMap { name in
            let count = channels[name + ".weight"] ?? 0
            return [(name + ".running_mean", 0.0), (name + ".running_var", 1.0)].map { name, usual in
                tensor(name, shape: [count]) {
                    arguments.buffers[name]
                        ?? Tensor(rounding: Array(repeating: usual, count: count), shape: Shape(1, count))
                }
            }
        }
    }

    private func batchTensors() -> [SafetensorsTensor] {
        let images = tensor(NetworkModel.inputName, shape: dimensions(batch.input.shape)) {
            // Row by row, however the kernels laid it out.
            Tensor(batch.input.elements, shape: batch.input.shape)
        }
        let labels = SafetensorsTensor("labels", shape: [batch.labels.count], batch.labels.map(Int64.init))
        return [images, labels]
            + masks.requests.map { request in
                tensor(request.name, shape: dimensions(request.shape)) {
                    try masks.mask(
                        named: request.name, shape: request.shape, dropProbability: request.dropProbability)
                }
            }
    }

    /// A tensor that is made when its turn comes.
    private func tensor(
        _ name: String, shape: [Int], _ make: @escaping () throws -> Tensor<Scalar>
    ) -> SafetensorsTensor {
        SafetensorsTensor(name, type: Scalar.self == Float.self ? .float32 : .float64, shape: shape) { sink in
            try make().withUnsafeBufferPointer { try sink(UnsafeRawBufferPointer($0)) }
        }
    }

    private func dimensions(_ shape: Shape) -> [Int] {
        [shape.batch, shape.channels, shape.height, shape.width]
    }
}
