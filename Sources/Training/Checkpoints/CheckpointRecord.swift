#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The state file of a checkpoint.
struct CheckpointRecord: Codable, Equatable {
    static let currentFormat = 1

    var format = CheckpointRecord.currentFormat
    /// Iterations done.
    var iteration: Int
    /// The safetensors type of parameters and velocities.
    var type: String
    var result: TrainingResult

    init(iteration: Int, type: String, result: TrainingResult) {
        self.iteration = iteration
        self.type = type
        self.result = result
    }

    /// Sorted, so that equal records are equal files; a test loss that is no number survives.
    func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return try Array(encoder.encode(self))
    }

    /// The longest state file that is read, in bytes: a curve of a million points, or as many rows of measurements.
    static let longest = 256 << 20

    /// - Throws: `CheckpointError.damaged` or `.otherFormat` of the checkpoint at `path`.
    init(json: [UInt8], of path: String) throws {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        let data = Data(json)
        struct Format: Decodable { var format: Int }
        if let found = try? decoder.decode(Format.self, from: data).format, found > Self.currentFormat {
            throw CheckpointError.otherFormat(path, found: found, known: Self.currentFormat)
        }
        guard let record = try? decoder.decode(Self.self, from: data), record.format >= 1 else {
            throw CheckpointError.damaged(path, reason: "its state file is not what a training run writes")
        }
        if let fault = record.fault {
            throw CheckpointError.damaged(path, reason: "in its state file \(fault)")
        }
        self = record
    }
}

extension CheckpointRecord {
    /// What no training run writes, as part of a sentence; `nil` where there is nothing. A checksum says that a file is
    /// as it was written, not who wrote it.
    fileprivate var fault: String? {
        let recipe = result.recipe
        guard (try? recipe.validate()) != nil else { return "the recipe is impossible" }
        let iterations = 0...recipe.iterations
        guard iterations.contains(iteration) else {
            return "\(iteration) iterations are done of \(recipe.iterations)"
        }
        for (name, places) in [
            ("curve", result.curve.map(\.iteration)), ("evaluations", result.evaluations.map(\.iteration)),
            ("propagation", result.propagation.map(\.iteration)),
        ] {
            guard places.allSatisfy(iterations.contains),
                zip(places, places.dropFirst()).allSatisfy({ $0 <= $1 })
            else { return "the iterations of “\(name)” are out of order" }
        }
        guard result.evaluations.allSatisfy(\.evaluation.isPossible) else {
            return "an evaluation counts more images than it has seen"
        }
        guard Set(result.propagation.map(\.rows.count)).count <= 1 else {
            return "measurements are of different numbers of units"
        }
        guard [result.parameters, result.trainingImages, result.testImages].allSatisfy({ $0 >= 0 }),
            [result.seconds, result.measuringSeconds].allSatisfy({ $0.isFinite && $0 >= 0 })
        else { return "a count or a duration is negative" }
        return result.ending.isPossible(in: iterations) ? nil : "the run ended where it cannot have"
    }
}

extension TrainingResult.Ending {
    fileprivate func isPossible(in iterations: ClosedRange<Int>) -> Bool {
        switch self {
        case .finished: true
        case .interrupted(let iteration): iterations.contains(iteration)
        case .notFinite(let iteration, let place): iterations.contains(iteration) && place.unit ?? 0 >= 0
        case .exploded(let explosion): iterations.contains(explosion.iteration)
        }
    }
}
