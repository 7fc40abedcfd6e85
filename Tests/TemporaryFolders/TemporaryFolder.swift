import Foundation

/// A folder that disappears with its owner.
public final class TemporaryFolder: Sendable {
    public let url: URL

    public init() throws {
        // Resolved, since the program names a folder as the system knows it.
        url = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
            .appending(path: "propagate-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    public func path(_ name: String) -> String { url.path + "/" + name }

    public func data(_ name: String) throws -> Data { try Data(contentsOf: url.appending(path: name)) }

    public func text(_ name: String) throws -> String { String(decoding: try data(name), as: UTF8.self) }

    /// Folders on the way are made.
    public func write(_ text: String, to name: String) throws {
        let place = url.appending(path: name)
        try FileManager.default.createDirectory(
            at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: place)
    }

    /// An empty file, open for writing.
    public func handle(_ name: String) throws -> FileHandle {
        try write("", to: name)
        return try FileHandle(forWritingTo: url.appending(path: name))
    }

    /// A file of zeros that takes no space.
    public func writeSparse(_ bytes: UInt64, to name: String) throws {
        try handle(name).truncate(atOffset: bytes)
    }

    /// Names in it, hidden ones too, sorted.
    public func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
    }

    /// Everything below, hidden files included, sorted.
    public func contents() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: url.path).sorted()
    }
}
