import Foundation
import GRDB
import ResultStore
import Testing

/// Stores where nothing can be written. The superuser may write to any file and folder, whatever its mode.
@Suite(.enabled(if: geteuid() != 0, "permissions do not bind the superuser"))
struct ReadOnlyStoreTests {
    /// Takes the write permission from the file or its folder, for as long as `body` runs.
    private func readOnly(_ path: String, _ body: () throws -> Void) throws {
        let mode = try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions])
        let files = FileManager.default
        try files.setAttributes([.posixPermissions: 0o555], ofItemAtPath: path)
        defer { try? files.setAttributes([.posixPermissions: mode], ofItemAtPath: path) }
        try body()
    }

    @Test(
        "A finished store is read, and says before any work that it takes no cell", arguments: [true, false])
    func finished(isFolder: Bool) throws {
        let place = try Place()
        try place.filled(2)
        try readOnly(isFolder ? place.folder.path : place.path) {
            let store = try ResultStore(path: place.path)
            #expect(try store.cells(["cell 0", "cell 1", "cell 2"]).count == 2)
            let refusal = StoreError.readOnly(path: place.path, reason: "Permission denied")
            #expect(throws: refusal) { try store.requireWritable() }
            #expect(throws: refusal) { try store.write(.sample("cell 2")) }
        }
        #expect(throws: Never.self) { try ResultStore(path: place.path).requireWritable() }
    }

    @Test("A store with a write-ahead log asks for a place where that can be merged")
    func unmerged() throws {
        let place = try Place()
        try place.filled(1)
        let queue = try DatabaseQueue(path: place.path)
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
        try queue.close()
        try readOnly(place.folder.path) {
            #expect(throws: StoreError.unmerged(path: place.path)) { try ResultStore(path: place.path) }
        }
        // Where it can be written, that is done, and from then on it is one file.
        #expect(try ResultStore(path: place.path).cells(["cell 0"]).count == 1)
        try readOnly(place.folder.path) {
            let cells = try ResultStore(path: place.path).cells(["cell 0"])
            #expect(cells.count == 1)
        }
    }
}
