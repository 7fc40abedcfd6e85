import Foundation
import ResultStore
import Testing

struct ResultStoreTests {
    @Test("A cell comes back as it was written, bit for bit, in another opening")
    func roundTrip() throws {
        let place = try Place()
        let store = try ResultStore(path: place.path)
        try store.write(.sample("a"))
        try store.write(.sample("bad"))
        #expect(try store.cells(["a", "b"]) == ["a": .sample("a")])
        try store.close()
        let again = try ResultStore(path: place.path)
        #expect(try again.cells(["bad", "a"]) == ["a": .sample("a"), "bad": .sample("bad")])
    }

    @Test("A cell written again replaces the one before, with all that belongs to it")
    func replacement() throws {
        let place = try Place()
        let store = try ResultStore(path: place.path)
        try store.write(.sample("a"))
        var other = StoredCell.sample("a")
        other.quantities = ["cosine": 0.5]
        other.configuration = [:]
        try store.write(other)
        #expect(try store.cells(["a"]) == ["a": other])
    }

    @Test("Cells of another version are counted")
    func versions() throws {
        let place = try Place()
        let store = try ResultStore(path: place.path)
        try store.write(.sample("a"))
        try store.write(.sample("b", version: "0.9"))
        #expect(try store.count(otherThan: "1.0") == 1)
    }

    @Test("Several threads may write at once")
    func threads() throws {
        let place = try Place()
        let store = try ResultStore(path: place.path)
        let failures = Failures()
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            for index in 0..<10 {
                do { try store.write(.sample("\(thread) \(index)")) } catch { failures.add(error) }
            }
        }
        #expect(failures.all.isEmpty)
        let keys = (0..<8).flatMap { thread in (0..<10).map { "\(thread) \($0)" } }
        #expect(try store.cells(keys).count == 80)
    }

    @Test("An empty file becomes a store")
    func emptyFile() throws {
        let place = try Place()
        try Data().write(to: URL(filePath: place.path))
        try place.filled(1)
        #expect(try ResultStore(path: place.path).cells(["cell 0"]).count == 1)
    }

    @Test("A store of another layout is refused and left as it is")
    func layout() throws {
        let place = try Place()
        try place.filled()
        try place.overwrite(at: Place.userVersion, with: [0, 0, 0, 7])
        let before = try Data(contentsOf: URL(filePath: place.path))
        #expect(throws: StoreError.otherLayout(path: place.path, found: 7, known: ResultStore.layout)) {
            try ResultStore(path: place.path)
        }
        #expect(try Data(contentsOf: URL(filePath: place.path)) == before)
    }

    @Test("Another program's database is refused and left as it is")
    func foreign() throws {
        let place = try Place()
        try place.filled()
        try place.overwrite(at: Place.applicationID, with: [0, 0, 0, 0])
        let before = try Data(contentsOf: URL(filePath: place.path))
        #expect(throws: StoreError.notAStore(path: place.path)) { try ResultStore(path: place.path) }
        #expect(try Data(contentsOf: URL(filePath: place.path)) == before)
    }

    @Test("A file of anything else is refused and left as it is")
    func text() throws {
        let place = try Place()
        let text = Data(String(repeating: "hello ", count: 100).utf8)
        try text.write(to: URL(filePath: place.path))
        #expect(throws: StoreError.notAStore(path: place.path)) { try ResultStore(path: place.path) }
        #expect(try Data(contentsOf: URL(filePath: place.path)) == text)
    }

    @Test("A damaged store is refused in words, wherever the damage is", arguments: [1, 3, 10, 25])
    func damaged(page: UInt64) throws {
        let place = try Place()
        try place.filled()
        try place.overwrite(at: page * 4096, with: Array(repeating: 0x55, count: 3 * 4096))
        try expectDamaged(place)
    }

    @Test("A store that was cut short is refused in words")
    func cutShort() throws {
        let place = try Place()
        try place.filled()
        let file = try FileHandle(forUpdating: URL(filePath: place.path))
        try file.truncate(atOffset: 5 * 4096)
        try file.close()
        try expectDamaged(place)
    }

    private func expectDamaged(_ place: Place) throws {
        let error = #expect(throws: StoreError.self) { try ResultStore(path: place.path) }
        guard case .damaged(place.path, _) = error else {
            Issue.record("\(error.map { "\($0)" } ?? "no error")")
            return
        }
    }

    @Test("Places that cannot hold a store are refused in words")
    func places() throws {
        let place = try Place()
        let missing = place.folder.appending(path: "no/s.sqlite").path
        let sentences = [
            "": "“” cannot be used as a store: it is not the name of a file.",
            place.folder.path: "\(place.folder.path) cannot be used as a store: it is a folder.",
            missing: "\(missing) cannot be written: there is no folder \(place.folder.path)/no.",
        ]
        for (path, sentence) in sentences {
            let error = #expect(throws: StoreError.self) { try ResultStore(path: path) }
            #expect(error?.description == sentence)
        }
    }
}

/// Errors met on several threads.
private final class Failures: @unchecked Sendable {
    private let lock = NSLock()
    private var errors: [any Error] = []
    var all: [any Error] { lock.withLock { errors } }
    func add(_ error: any Error) { lock.withLock { errors.append(error) } }
}
