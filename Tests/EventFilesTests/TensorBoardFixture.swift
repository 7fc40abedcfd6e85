import Foundation

@testable import EventFiles

/// Tests/Fixtures/tensorboard.json: records as TensorBoard's own code writes them.
struct TensorBoardFixture: Decodable {
    struct Record: Decodable {
        struct Scalar: Decodable {
            var tag: String
            var value: Double
        }

        var kind: String
        var wallTime: Double
        var step: Int?
        var scalars: [Scalar]?
        /// Hexadecimal, frame and checksums included.
        var bytes: String
    }

    var records: [Record]

    static func load() throws -> TensorBoardFixture {
        let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/tensorboard.json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(TensorBoardFixture.self, from: Data(contentsOf: url))
    }
}

extension TensorBoardFixture.Record {
    /// What this package would write.
    var event: Event? {
        let content: Event.Content? =
            switch kind {
            case "file_version": .fileVersion
            case "start": .start
            case "scalars":
                .scalars((scalars ?? []).map { Event.Scalar(tag: $0.tag, value: Float($0.value)) })
            default: nil
            }
        return content.map { Event(wallTime: wallTime, step: step ?? 0, content: $0) }
    }
}
