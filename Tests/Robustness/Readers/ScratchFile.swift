import Foundation
import Testing

/// A file that is written anew for each input of a reader that asks for a path, in memory where the system has such a
/// place.
final class ScratchFile {
    let path: String

    init(_ name: String) throws {
        let memory = "/dev/shm"
        let folder = FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
        path = "\(folder)/fuzz-\(name)-\(UUID().uuidString)"
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ bytes: [UInt8]) throws {
        let file = try #require(fopen(path, "wb"))
        defer { fclose(file) }
        fwrite(bytes, 1, bytes.count, file)
    }
}
