import Kernels
import ResidualNetworks
import Safetensors

/// A file's tensors, one by one those that a network needs.
struct MatchedTensors {
    let needed: CheckpointTensors
    /// What the file calls them.
    let naming: TensorNaming
    /// Whether the file has the running statistics: all that are needed, or none at all.
    let hasStatistics: Bool
}

extension WeightsReader {
    /// Compares every tensor with what a design needs, and reads none.
    ///
    /// - Throws: `CheckpointError.tooFewTensors` or `.otherArchitecture`.
    @discardableResult
    func match<Scalar: KernelScalar>(
        _ design: NetworkDesign, in precision: Scalar.Type
    ) throws -> MatchedTensors {
        // The maps of a network take memory, and how deep it is a line of text in the file may claim.
        let count = try ParameterCount(of: design).tensors
        guard count <= max(2 * names.count, Self.comparableTensors) else {
            throw CheckpointError.tooFewTensors(path, tensors: names.count, needed: count)
        }
        let needed = try CheckpointTensors(of: design)
        let naming = TensorNaming(of: design, in: names)
        return MatchedTensors(
            needed: needed, naming: naming,
            hasStatistics: try compare(with: needed, naming, precision: precision))
    }

    /// Up to here the first tensor that differs is named, whatever the file holds.
    private static let comparableTensors = 20_000

    /// - Returns: whether the file has running statistics.
    private func compare<Scalar: KernelScalar>(
        with needed: CheckpointTensors, _ naming: TensorNaming, precision: Scalar.Type
    ) throws -> Bool {
        let own = SafetensorsType.of(precision)
        let types = kind == .checkpoint ? [own] : [own] + SafetensorsType.floating
        var expected: Set<String> = []
        for parameter in needed.parameters {
            let name = naming.stored(parameter.name)
            let velocity = CheckpointTensors.velocity(name)
            try compare(name, parameter.dimensions, types)
            expected.formUnion([name, velocity])
            if kind == .checkpoint { try compare(velocity, parameter.dimensions, types) }
        }
        let statistics = needed.normalizations.flatMap { normalization in
            [CheckpointTensors.mean(normalization.name), CheckpointTensors.variance(normalization.name)].map {
                (name: naming.stored($0), dimensions: normalization.dimensions)
            }
        }
        let hasStatistics = statistics.contains { file.shape(of: $0.name) != nil }
        for (name, dimensions) in hasStatistics ? statistics : [] {
            try compare(name, dimensions, kind == .checkpoint ? [.float64] : SafetensorsType.floating)
            expected.insert(name)
        }
        if let unexpected = names.filter({ !expected.contains($0) && !isCounter($0) })
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

    /// Stem, units by number, head, in either naming; then all else.
    private static func orderKey(_ name: String) -> [String] {
        let parts = name.split(separator: ".").map { part in
            Int(part).map { String(repeating: "0", count: max(0, 8 - part.count)) + String($0) }
                ?? String(part)
        }
        let place =
            switch parts.first {
            case "stem", "conv1", "bn1": 0
            case "units", "layer1", "layer2", "layer3", "layer4": 1
            case "head", "fc": 2
            default: 3
            }
        return [String(place)] + parts
    }
}
