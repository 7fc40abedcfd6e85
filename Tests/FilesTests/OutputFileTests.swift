import Foundation
import Synchronization
import TemporaryFolders
import Testing

@testable import Files

/// Errors of the tests' own.
struct Unwritable: OutputFileFailure, Equatable {
    let path: String
    let reason: String
    static func unwritable(_ path: String, reason: String) -> Unwritable { .init(path: path, reason: reason) }
}

struct OutputFileTests {
    typealias File = OutputFile<Unwritable>

    @Test("A file is there when it is whole, and nothing else is")
    func publication() throws {
        let folder = try TemporaryFolder()
        let file = try File(folder.path("a"))
        try Array("text".utf8).withUnsafeBytes { try file.append($0) }
        #expect(try folder.names().count == 1 && folder.names()[0].hasPrefix(".a."))
        try file.publish()
        #expect(try folder.names() == ["a"])
        #expect(try folder.text("a") == "text")
        try File.write("other", to: folder.path("a"))
        #expect(try folder.text("a") == "other")
    }

    @Test("A file that is given up leaves nothing")
    func abandonment() throws {
        let folder = try TemporaryFolder()
        do { _ = try File(folder.path("a")) }
        #expect(try folder.names().isEmpty)
    }

    @Test("A link is replaced, and what it points to is left alone")
    func link() throws {
        let folder = try TemporaryFolder()
        try folder.write("mine", to: "target")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("link"), withDestinationPath: folder.path("target"))
        try File.write("new", to: folder.path("link"))
        #expect(try folder.text("target") == "mine")
        #expect(try folder.text("link") == "new")
    }

    @Test("What a killed process left of the same file is removed, what others write is not")
    func leftovers() throws {
        let folder = try TemporaryFolder()
        let (dead, other) = (".a.0123456789abcdef.partial", ".b.0123456789abcdef.partial")
        for name in [dead, other, ".a.short.partial", "a.partial"] { try folder.write("half", to: name) }
        // One that is in work: its writer holds a lock on it.
        let live = try File(folder.path("a"))
        try File.write("whole", to: folder.path("a"))
        let names = try folder.names()
        #expect(!names.contains(dead))
        #expect(names.filter { $0.hasPrefix(".a.") && $0 != ".a.short.partial" }.count == 1)
        #expect(Set(names).isSuperset(of: [other, ".a.short.partial", "a.partial", "a"]))
        try live.publish()
        #expect(try folder.text("a") == "")
    }

    @Test("The system's reason is told, with the place")
    func refusals() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: Unwritable.self) { try File(folder.path("no/a")) }
        #expect(error == Unwritable(path: folder.path("no/a"), reason: "No such file or directory"))
        try FileManager.default.createDirectory(atPath: folder.path("d/e"), withIntermediateDirectories: true)
        #expect(throws: Unwritable(path: folder.path("d"), reason: "Is a directory")) {
            try File.write("text", to: folder.path("d"))
        }
        #expect(try folder.names() == ["d"])
    }

    @Test("Names as long as a file system takes, and of any letters", arguments: [255, 200, 100])
    func longNames(length: Int) throws {
        let folder = try TemporaryFolder()
        let name = String(repeating: "é", count: length / 2) + String(repeating: "x", count: length % 2)
        try File.write("text", to: folder.path(name))
        #expect(try folder.names() == [name])
    }

    @Test("A file that grows gets records at its end, and says where one cannot be written")
    func growth() throws {
        let folder = try TemporaryFolder()
        let file = try File.growing(from: "head\n", at: folder.path("a"))
        try file.append("one\n")
        #expect(try folder.text("a") == "head\none\n")
        // The system's own full device.
        let full = GrowingFile<Unwritable>(
            path: "full", descriptor: try Descriptor.opened("/dev/full", O_WRONLY), length: 0)
        #expect(throws: Unwritable(path: "full", reason: "No space left on device")) { try full.append("x") }
        #expect(try GrowingFile<Unwritable>(creating: folder.path("a")) == nil)
    }

    @Test("A slow reader of a pipe that does not block gets every byte")
    func pipe() throws {
        var ends: [Int32] = [0, 0]
        #expect(Glibc.pipe(&ends) == 0)
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let (input, output) = (ends[0], ends[1])
        let received = Mutex<[UInt8]>([])
        // A thread of its own: those of tasks may all be taken.
        let reader = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            var buffer = [UInt8](repeating: 0, count: 4096)
            while case let count = read(input, &buffer, buffer.count), count > 0 {
                received.withLock { $0 += buffer[..<count] }
            }
            reader.signal()
        }
        try bytes.withUnsafeBytes { try Descriptor.writeAll($0, to: output) }
        close(output)
        reader.wait()
        #expect(received.withLock { $0 } == bytes)
        close(input)
    }
}
