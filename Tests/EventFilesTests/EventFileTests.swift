import Foundation
import TemporaryFolders
import Testing

@testable import EventFiles
@testable import Files

struct EventFileTests {
    private func bytes(of file: EventFile) throws -> [UInt8] {
        try Array(Data(contentsOf: URL(filePath: file.path)))
    }

    @Test("A file begins with its version, and holds a record for every call")
    func contents() throws {
        let folder = try TemporaryFolder()
        let time = 1_700_000_000.25
        let file = try EventFile(folder: folder.url.path, clock: { time })
        try file.append(step: 1, scalars: [("train/loss", 2.5), ("train/error", 0.5)])
        try file.append(step: 2, scalars: [])
        try file.append(step: 3, scalars: [("train/loss", .nan)])
        let events = [
            Event(wallTime: time, step: 0, content: .fileVersion),
            Event(
                wallTime: time, step: 1,
                content: .scalars([
                    .init(tag: "train/loss", value: 2.5), .init(tag: "train/error", value: 0.5),
                ])),
            Event(wallTime: time, step: 3, content: .scalars([.init(tag: "train/loss", value: .nan)])),
        ]
        #expect(try bytes(of: file) == events.flatMap { TFRecord.framed($0.message.bytes) })
    }

    @Test("A run that goes on says from which step")
    func restart() throws {
        let folder = try TemporaryFolder()
        let file = try EventFile(folder: folder.url.path, startingAt: 301, clock: { 8 })
        let records = RecordReader.records(try bytes(of: file))
        #expect(records.count == 2)
        #expect(records.last == Event(wallTime: 8, step: 301, content: .start).message.bytes)
    }

    @Test("A new file is named after all that are there, whatever the clock says")
    func names() throws {
        let folder = try TemporaryFolder()
        // The clock is set back between one file and the next.
        let files = try [12.75, 12.75, 3].map { time in
            try EventFile(folder: folder.path("a/b"), clock: { time })
        }
        let names = files.map { URL(filePath: $0.path).lastPathComponent }
        #expect(names == names.sorted())
        for (index, name) in names.enumerated() {
            #expect(name.hasPrefix("events.out.tfevents.00000000\(12 + index)."))
            #expect(name.hasSuffix(".\(getpid()).0"))
        }
        #expect(Set(try FileManager.default.contentsOfDirectory(atPath: folder.path("a/b"))) == Set(names))
    }

    @Test(
        "Strangers' files are named after too",
        arguments: [
            "events.out.tfevents.9999999999.host.1.0", "events.out.tfevents.99999999999999999999.x",
            "events.out.tfevents.word", "events.out.tfevents.1700000000.zz.v2", "events.out.tfevents.9.x",
            "events.out.tfevents.", "events.out.tfevents.00000000000.x",
        ])
    func strangers(name: String) {
        for seconds in [0, 1.7e9, 1e300, .infinity, .nan, -1] {
            let next = EventFileName.next(after: [name, "other"], seconds: seconds, host: "host", attempt: 0)
            #expect(name.utf8.lexicographicallyPrecedes(next.utf8), "\(next)")
            #expect(next.contains("tfevents"))
        }
    }

    @Test("Wherever a file is cut off, the whole records before the cut are there")
    func truncatedTail() throws {
        let folder = try TemporaryFolder()
        let file = try EventFile(folder: folder.url.path, startingAt: 0, clock: { 1 })
        var ends = [try bytes(of: file).count]
        for step in 1...4 {
            try file.append(step: step, scalars: [("train/loss", Double(step))])
            ends.append(try bytes(of: file).count)
        }
        let bytes = try self.bytes(of: file)
        for cut in ends[0]...bytes.count {
            let whole = 2 + ends.dropFirst().count { $0 <= cut }
            #expect(RecordReader.records(Array(bytes.prefix(cut))).count == whole, "cut at \(cut)")
        }
    }

    @Test("Threads that write at once do not mix up their records")
    func threads() async throws {
        let folder = try TemporaryFolder()
        let file = try EventFile(folder: folder.url.path)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for thread in 0..<4 {
                group.addTask {
                    for step in 0..<50 { try file.append(step: step, scalars: [("thread/\(thread)", 1)]) }
                }
            }
            try await group.waitForAll()
        }
        #expect(RecordReader.records(try bytes(of: file)).count == 201)
    }

    @Test("A full disk is named, with the file")
    func fullDisk() throws {
        // The system's own full device.
        let descriptor = open("/dev/full", O_WRONLY)
        try #require(descriptor >= 0)
        let file = EventFile(
            GrowingFile(path: "/runs/a/events", descriptor: descriptor, length: 0), clock: { 0 })
        let error = #expect(throws: EventFileError.self) { try file.append(step: 1, scalars: [("a", 1)]) }
        #expect(error == .unwritable("/runs/a/events", reason: "No space left on device"))
        #expect(error?.description == "/runs/a/events cannot be written: No space left on device.")
    }

    @Test("A file in the folder's place is named")
    func notAFolder() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("file")
        try folder.write("", to: "file")
        for place in [path, path + "/below"] {
            let error = #expect(throws: EventFileError.self) { try EventFile(folder: place) }
            guard case .unwritable(let named, let reason) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(named.hasPrefix(path) && !reason.isEmpty)
        }
    }
}
