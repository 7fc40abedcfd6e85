import Analysis
import Kernels
import Reporting
import ResidualNetworks
import Safetensors
import Tensors

/// `weights.safetensors` and `batch.safetensors`: what another framework needs to recompute every number.
struct TensorExport<Scalar: KernelScalar> {
    let network: Network<Scalar>
    let batch: LabelledBatch<Scalar>
    let mode: AnalysisOptions.Mode
    /// Those that were read with the weights.
    let statistics: RunningStatistics?
    let masks: RecordedMasks
    let manifest: RunManifest

    func write(to folder: String) throws {
        var metadata = manifest.configuration
        metadata[TensorExportFiles.mark] = manifest.version
        try SafetensorsWriter.write(
            try weights(), metadata: metadata, to: "\(folder)/\(TensorExportFiles.weights)")
        try SafetensorsWriter.write(
            batchTensors(), metadata: metadata, to: "\(folder)/\(TensorExportFiles.batch)")
    }

    private func weights() throws -> [SafetensorsTensor] {
        let parameters = network.parameters.map { parameter in
            tensor(parameter.name, shape: parameter.dimensions) { parameter.values }
        }
        return try parameters + runningStatistics()
    }

    /// Those of the weights, or those that inference mode used; in training mode, where nothing updates them, mean 0 and
    /// variance 1.
    private func runningStatistics() throws -> [SafetensorsTensor] {
        let known =
            try statistics
            ?? (mode == .inference ? network.calibratedStatistics(on: batch.input, masks: masks) : [:])
        let channels = Dictionary(
            network.parameters.map { ($0.name, $0.count) }, uniquingKeysWith: { first, _ in first })
        return network.normalizations.flatMap { name in
            let count = channels[name + ".weight"] ?? 0
            let mean = known[name]?.mean ?? Array(repeating: 0, count: count)
            let variance = known[name]?.variance ?? Array(repeating: 1, count: count)
            return [
                tensor(name + ".running_mean", shape: [count]) { vector(mean) },
                tensor(name + ".running_var", shape: [count]) { vector(variance) },
            ]
        }
    }

    private func batchTensors() -> [SafetensorsTensor] {
        let input = tensor("input", shape: dimensions(batch.input.shape)) {
            // Row by row, however the kernels laid it out.
            Tensor(batch.input.elements, shape: batch.input.shape)
        }
        let labels = SafetensorsTensor("labels", shape: [batch.labels.count], batch.labels.map(Int64.init))
        return [input, labels]
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

    private func vector(_ values: [Double]) -> Tensor<Scalar> {
        Tensor(rounding: values, shape: Shape(1, values.count))
    }

    private func dimensions(_ shape: Shape) -> [Int] {
        [shape.batch, shape.channels, shape.height, shape.width]
    }
}
