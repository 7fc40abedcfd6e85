import Foundation
import ResultStore

/// A store's file in a folder of its own.
final class Place {
    let folder: URL
    var path: String { folder.appending(path: "s.sqlite").path }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// A file with some cells in it, closed.
    func filled(_ count: Int = 50) throws {
        let store = try ResultStore(path: path)
        for index in 0..<count { try store.write(.sample("cell \(index)")) }
        try store.close()
    }

    /// Writes bytes over those of the file.
    func overwrite(at offset: UInt64, with bytes: [UInt8]) throws {
        let file = try FileHandle(forUpdating: URL(filePath: path))
        try file.seek(toOffset: offset)
        try file.write(contentsOf: Data(bytes))
        try file.close()
    }

    /// Offsets of two big-endian words in SQLite's header (its file format, section 1.3).
    static let userVersion: UInt64 = 60
    static let applicationID: UInt64 = 68
}

extension StoredCell {
    static func sample(_ key: String, version: String = "1.0") -> StoredCell {
        StoredCell(
            key: key, version: version, configuration: ["depth": "20", "shortcut": "λ"],
            quantities: ["loss": 0.1 + 0.2, "direct_log10": nil, "least": -Double.leastNonzeroMagnitude],
            checksHold: key != "bad", report: "{\"text\": \"\(String(repeating: "x", count: 3000))\"}",
            seconds: 1.5)
    }
}
