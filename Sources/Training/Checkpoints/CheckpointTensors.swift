import Kernels
import ResidualNetworks
import Safetensors
import Tensors

/// The tensors that a file of weights holds for a network, in the order of computation.
struct CheckpointTensors {
    struct Tensor {
        let name: String
        let dimensions: [Int]
    }

    let parameters: [Tensor]
    /// Batch normalisations, with one statistic a channel.
    let normalizations: [Tensor]

    init(of design: NetworkDesign) throws {
        let model = try design.model(batch: 2, mode: .inference)
        parameters = model.parameters.map { Tensor(name: $0.name, dimensions: $0.dimensions) }
        let dimensions = Dictionary(
            parameters.map { ($0.name, $0.dimensions) }, uniquingKeysWith: { first, _ in first })
        normalizations = model.normalizations.map {
            Tensor(name: $0.name, dimensions: dimensions[$0.name + ".weight"] ?? [])
        }
    }

    static func velocity(_ parameter: String) -> String { parameter + ".velocity" }
    static func mean(_ normalization: String) -> String { normalization + ".running_mean" }
    static func variance(_ normalization: String) -> String { normalization + ".running_var" }
}

extension SafetensorsType {
    /// As which parameters of this precision are stored.
    static func of<Scalar: KernelScalar>(_ type: Scalar.Type) -> SafetensorsType {
        type == Float.self ? .float32 : .float64
    }
}

extension TrainingState {
    /// Everything but the iteration, as a checkpoint stores it. Elements are lent when their turn comes.
    var tensors: [SafetensorsTensor] {
        let ofParameters = parameters.entries.flatMap { entry in
            [(entry.name, entry.values), (CheckpointTensors.velocity(entry.name), entry.velocity)].map {
                name, tensor in
                SafetensorsTensor(name, type: .of(Scalar.self), shape: entry.dimensions) { sink in
                    try tensor.withUnsafeBufferPointer { try sink(UnsafeRawBufferPointer($0)) }
                }
            }
        }
        let ofNormalizations = statistics.flatMap { name, channels in
            [
                SafetensorsTensor(
                    CheckpointTensors.mean(name), shape: [channels.mean.count], channels.mean),
                SafetensorsTensor(
                    CheckpointTensors.variance(name), shape: [channels.variance.count], channels.variance),
            ]
        }
        return ofParameters + ofNormalizations
    }
}
