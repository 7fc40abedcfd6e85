import Files
import Kernels
import ResidualNetworks
import Safetensors
import Tensors

/// Reads a training state out of a safetensors file, after it has compared every tensor with what the network needs.
struct WeightsReader: ~Copyable {
    /// What the file is taken for.
    enum Kind {
        /// A checkpoint's: velocities are there, and every type is the run's.
        case checkpoint
        /// Parameters and running statistics of any source, in single or double precision.
        case parameters
    }

    /// As errors name it.
    let path: String
    let kind: Kind
    private let file: SafetensorsReader

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
                throw CheckpointError.foreign(path, reason: format.sentence)
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
        let (needed, withStatistics) = try match(design, in: Scalar.self)
        var values: [String: [Scalar]] = [:]
        var velocities: [String: [Scalar]] = [:]
        for parameter in needed.parameters {
            values[parameter.name] = try finite(parameter.name)
            guard kind == .checkpoint else { continue }
            velocities[parameter.name] = try finite(CheckpointTensors.velocity(parameter.name))
        }
        var statistics: RunningStatistics = [:]
        for normalization in withStatistics ? needed.normalizations : [] {
            statistics[normalization.name] = ChannelStatistics(
                mean: try finite(CheckpointTensors.mean(normalization.name)),
                variance: try finite(CheckpointTensors.variance(normalization.name), least: 0))
        }
        return TrainingState(
            iteration: iteration,
            parameters: try TrainedParameters(design, values: values, velocities: velocities),
            statistics: statistics)
    }

    /// Compares every tensor with what a design needs, and reads none.
    ///
    /// - Returns: what it needs, and whether the file has running statistics.
    /// - Throws: `CheckpointError.prefixedNames`, `.tooFewTensors` or `.otherArchitecture`.
    @discardableResult
    func match<Scalar: KernelScalar>(
        _ design: NetworkDesign, in precision: Scalar.Type
    ) throws -> (needed: CheckpointTensors, withStatistics: Bool) {
        if let prefix = PrefixedNames(names) { throw CheckpointError.prefixedNames(path, prefix) }
        // The maps of a network take memory, and how deep it is a line of text in the file may claim.
        let count = try ParameterCount(of: design).tensors
        guard count <= max(2 * names.count, Self.comparableTensors) else {
            throw CheckpointError.tooFewTensors(path, tensors: names.count, needed: count)
        }
        let needed = try CheckpointTensors(of: design)
        return (needed, try compare(with: needed, precision: precision))
    }

    /// Up to here the first tensor that differs is named, whatever the file holds.
    private static let comparableTensors = 20_000

    /// - Returns: whether the file has running statistics: all that are needed, or none at all.
    private func compare<Scalar: KernelScalar>(
        with needed: CheckpointTensors, precision: Scalar.Type
    ) throws -> Bool {
        let types: [SafetensorsType] =
            kind == .checkpoint ? [.of(precision)] : [.of(precision), .float32, .float64]
        var expected: Set<String> = []
        for parameter in needed.parameters {
            try compare(parameter.name, parameter.dimensions, types)
            expected.formUnion([parameter.name, CheckpointTensors.velocity(parameter.name)])
            guard kind == .checkpoint else { continue }
            try compare(CheckpointTensors.velocity(parameter.name), parameter.dimensions, types)
        }
        let statistics = needed.normalizations.flatMap { normalization in
            [CheckpointTensors.mean(normalization.name), CheckpointTensors.variance(normalization.name)].map {
                (name: $0, dimensions: normalization.dimensions)
            }
        }
        let hasStatistics = statistics.contains { file.shape(of: $0.name) != nil }
        for (name, dimensions) in hasStatistics ? statistics : [] {
            try compare(name, dimensions, kind == .checkpoint ? [.float64] : [.float64, .float32])
            expected.insert(name)
        }
        if let unexpected = file.names.filter({ !expected.contains($0) && !isCounter($0) })
            .min(by: { Self.orderKey($0).lexicographicallyPrecedes(Self.orderKey($1)) })
        {
            throw CheckpointError.otherArchitecture(path, tensor: unexpected, .unexpected)
        }
        return hasStatistics
    }

    private func compare(_ name: String, _ dimensions: [Int], _ types: [SafetensorsType]) throws {
        guard let stored = file.shape(of: name), let type = file.typeName(of: name) else {
            throw CheckpointError.otherArchitecture(path, tensor: name, .missing)
        }
        guard stored == dimensions else {
            throw CheckpointError.otherArchitecture(
                path, tensor: name, .dimensions(stored: stored, needed: dimensions))
        }
        guard types.contains(where: { $0.rawValue == type }) else {
            throw CheckpointError.otherArchitecture(
                path, tensor: name, .type(stored: type, needed: types[0].rawValue))
        }
    }

    /// Other frameworks count the batches that a statistic has seen.
    private func isCounter(_ name: String) -> Bool {
        kind == .parameters && name.hasSuffix(".num_batches_tracked")
    }

    /// Stem, units by number, head.
    private static func orderKey(_ name: String) -> [String] {
        let parts = name.split(separator: ".").map { part in
            Int(part).map { String(repeating: "0", count: max(0, 8 - part.count)) + String($0) }
                ?? String(part)
        }
        return [["stem", "units", "head"].firstIndex(of: parts.first).map(String.init) ?? "3"] + parts
    }

    /// The elements of a tensor, all of them finite and none below `least`.
    private func finite<Wanted: BinaryFloatingPoint>(
        _ name: String, least: Wanted = -.infinity
    ) throws -> [Wanted] {
        let elements: [Wanted] = try elements(name)
        let unusable = elements.indices.filter { !(elements[$0].isFinite && elements[$0] >= least) }
        if let first = unusable.first {
            throw CheckpointError.unusableValue(
                path, tensor: name, index: first, value: Double(elements[first]), count: unusable.count)
        }
        return elements
    }

    /// Stored in this precision or converted to it.
    private func elements<Wanted: BinaryFloatingPoint>(_ name: String) throws -> [Wanted] {
        do {
            if file.typeName(of: name) == SafetensorsType.float32.rawValue {
                let stored: [Float] = try file.elements(name)
                return stored as? [Wanted] ?? stored.map { Wanted($0) }
            }
            let stored: [Double] = try file.elements(name)
            return stored as? [Wanted] ?? stored.map { Wanted($0) }
        } catch SafetensorsError.unreadable(let unreadable, let reason) {
            throw CheckpointError.unreadable(unreadable, reason: reason)
        }
    }
}
