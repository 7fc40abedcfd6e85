import Files
import Kernels
import ResidualNetworks
import Safetensors
import Tensors

/// Reads weights out of a safetensors file, after it has compared every tensor with what the network needs.
struct WeightsReader: ~Copyable, Sendable {
    /// What the file is taken for.
    enum Kind {
        /// A checkpoint's: velocities are there, and every type is the run's.
        case checkpoint
        /// Parameters and running statistics of any source, in any precision.
        case parameters
    }

    /// As errors name it.
    let path: String
    let kind: Kind
    let file: SafetensorsReader

    /// - Throws: `CheckpointError` where the file is missing, cannot be read or is not in the format.
    init(_ file: String, of path: String, kind: Kind) throws {
        self.path = path
        self.kind = kind
        do {
            self.file = try SafetensorsReader(file)
        } catch SafetensorsError.fileMissing(let missing) {
            throw CheckpointError.fileMissing(missing)
        } catch SafetensorsError.unreadable(let unreadable, let reason) {
            throw CheckpointError.unreadable(unreadable, reason: reason)
        } catch SafetensorsError.malformed(_, let reason) {
            if kind == .parameters, let format = try Self.foreignFormat(of: file) {
                throw CheckpointError.foreignFormat(path, format)
            }
            throw kind == .checkpoint
                ? CheckpointError.damaged(path, reason: "its weights are no safetensors file, as \(reason)")
                : .foreign(path, reason: "it is no safetensors file, as \(reason)")
        }
    }

    private static func foreignFormat(of path: String) throws(CheckpointError) -> ForeignWeights? {
        let file = try InputFile<CheckpointError>(path)
        return ForeignWeights(start: try file.bytes(min(file.size, 8), at: 0), path: path)
    }

    var metadata: [String: String] { file.metadata }
    func typeName(of name: String) -> String? { file.typeName(of: name) }
    var names: [String] { file.names }

    /// The state of a network of this design after an iteration.
    ///
    /// - Throws: `CheckpointError.otherArchitecture` with the first tensor that differs, before anything is read;
    ///   `.unusableValue` with the first value that is not finite, or a variance that is negative.
    func state<Scalar: KernelScalar>(
        of design: NetworkDesign, iteration: Int
    ) throws -> TrainingState<Scalar> {
        let match = try match(design, in: Scalar.self)
        var values: [String: [Scalar]] = [:]
        var velocities: [String: [Scalar]] = [:]
        for parameter in match.needed.parameters {
            let stored = match.naming.stored(parameter.name)
            values[parameter.name] = try finite(stored)
            guard kind == .checkpoint else { continue }
            velocities[parameter.name] = try finite(CheckpointTensors.velocity(stored))
        }
        return TrainingState(
            iteration: iteration,
            parameters: try TrainedParameters(design, values: values, velocities: velocities),
            statistics: try statistics(match))
    }

    /// Running statistics; none where the file has none.
    ///
    /// - Throws: `CheckpointError.unusableValue`.
    func statistics(_ match: MatchedTensors) throws -> RunningStatistics {
        var statistics: RunningStatistics = [:]
        for normalization in match.hasStatistics ? match.needed.normalizations : [] {
            let name = normalization.name
            statistics[name] = ChannelStatistics(
                mean: try finite(match.naming.stored(CheckpointTensors.mean(name))),
                variance: try finite(match.naming.stored(CheckpointTensors.variance(name)), least: 0))
        }
        return statistics
    }

    /// The elements of a tensor, stored in this precision or converted to it: all of them finite and none below `least`.
    func finite<Wanted: BinaryFloatingPoint>(
        _ name: String, least: Wanted = -.infinity
    ) throws -> [Wanted] {
        let elements: [Wanted]
        do {
            elements = try file.numbers(name)
        } catch SafetensorsError.unreadable(let unreadable, let reason) {
            throw CheckpointError.unreadable(unreadable, reason: reason)
        }
        let unusable = elements.indices.filter { !(elements[$0].isFinite && elements[$0] >= least) }
        if let first = unusable.first {
            throw CheckpointError.unusableValue(
                path, tensor: name, index: first, value: Double(elements[first]), count: unusable.count)
        }
        return elements
    }
}
