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
        guard let record = try? decoder.decode(Self.self, from: data), record.format >= 1,
            record.iteration >= 0
        else {
            throw CheckpointError.damaged(path, reason: "its state file is not what a training run writes")
        }
        self = record
    }
}
