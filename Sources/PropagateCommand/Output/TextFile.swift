import Foundation

/// A single text result: a file replaced at once, or standard output for `-`.
struct TextFile {
    let path: String

    /// Fails early where the file could not be written.
    init(path: String) throws {
        self.path = path
        guard path != "-" else { return }
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
        if exists, isDirectory.boolValue { throw OutputError.failed(path: path, reason: "it is a folder") }
        let parent = URL(filePath: path).deletingLastPathComponent().path
        guard access(exists ? path : parent, W_OK) == 0 else { throw OutputError.unwritable(path: path) }
    }

    func write(_ text: String) throws {
        guard path != "-" else {
            FileHandle.standardOutput.write(Data(text.utf8))
            return
        }
        do {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            throw OutputError.failed(path: path, reason: error.localizedDescription)
        }
    }
}
