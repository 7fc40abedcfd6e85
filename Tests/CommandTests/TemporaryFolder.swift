import Foundation

/// A folder that disappears with its owner.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        // Resolved, since the program names a folder as the system knows it.
        url = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
            .appending(path: "propagate-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path }

    func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: url.appending(path: name)), as: UTF8.self)
    }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: url.appending(path: name))
    }

    /// An empty file, open for writing.
    func handle(_ name: String) throws -> FileHandle {
        try write("", to: name)
        return try FileHandle(forWritingTo: url.appending(path: name))
    }

    /// A file of zeros that takes no space.
    func writeSparse(_ bytes: UInt64, to name: String) throws {
        try handle(name).truncate(atOffset: bytes)
    }

    /// Everything below, hidden files included, sorted.
    func contents() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: url.path).sorted()
    }
}
