import Foundation

/// Files written together: into a temporary sibling folder first, then moved into place, so that a run that
/// fails leaves nothing half-written.
struct AtomicDirectory {
    let path: String

    /// Fails early where the folder could not be written.
    init(path: String) throws {
        self.path = path
        let parent = URL(filePath: path).deletingLastPathComponent().path
        var isDirectory: ObjCBool = false
        let manager = FileManager.default
        if manager.fileExists(atPath: path, isDirectory: &isDirectory) {
            guard isDirectory.boolValue else { throw OutputError.notADirectory(path: path) }
            guard access(path, W_OK | X_OK) == 0 else { throw OutputError.unwritable(path: path) }
            return
        }
        guard manager.fileExists(atPath: parent, isDirectory: &isDirectory) else { return }
        guard isDirectory.boolValue, access(parent, W_OK | X_OK) == 0 else {
            throw OutputError.unwritable(path: path)
        }
    }

    /// Writes all files through `write`, which is given the folder to write into, then puts them in place.
    func write(_ write: (URL) throws -> Void) throws {
        let manager = FileManager.default
        let target = URL(filePath: path, directoryHint: .isDirectory)
        let temporary = target.deletingLastPathComponent().appending(
            path: ".\(target.lastPathComponent).\(UUID().uuidString).partial")
        defer { try? manager.removeItem(at: temporary) }
        do {
            try manager.createDirectory(at: temporary, withIntermediateDirectories: true)
            try write(temporary)
            try manager.createDirectory(at: target, withIntermediateDirectories: true)
            for name in try manager.contentsOfDirectory(atPath: temporary.path) {
                try Self.replace(target.appending(path: name), with: temporary.appending(path: name))
            }
        } catch let error as CocoaError {
            throw OutputError.failed(path: path, reason: error.localizedDescription)
        }
    }

    private static func replace(_ target: URL, with source: URL) throws {
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: target.path, isDirectory: &isDirectory)
        if exists, isDirectory.boolValue { try FileManager.default.removeItem(at: target) }
        guard rename(source.path, target.path) == 0 else {
            throw OutputError.failed(path: target.path, reason: String(cString: strerror(errno)))
        }
    }
}
