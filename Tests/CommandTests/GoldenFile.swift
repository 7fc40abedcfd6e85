import Foundation
import Testing

/// Committed output. After an intended change, record it and read the difference as you would read code:
///
///     PROPAGATE_RECORD_GOLDEN=1 swift test -c release --filter CommandTests
enum GoldenFile {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
    private static let isRecording = ProcessInfo.processInfo.environment["PROPAGATE_RECORD_GOLDEN"] == "1"

    /// The committed text of this name; while recording, first replaced by what was found.
    static func text(_ name: String, recording found: String) throws -> String {
        let file = folder.appending(path: name)
        if isRecording { try Data(found.utf8).write(to: file) }
        return String(decoding: try Data(contentsOf: file), as: UTF8.self)
    }
}
