import Foundation
import TemporaryFolders
import Testing

@testable import Files

/// Errors of the tests' own.
enum Unreadable: InputFileFailure, Equatable {
    case fileMissing(String)
    case unreadable(String, reason: String)
}

struct MappedFileTests {
    private func mapped(_ path: String) throws -> MappedFile { try MappedFile(path, errors: Unreadable.self) }

    @Test("A file is read where it is, as a whole and in runs")
    func reading() throws {
        let folder = try TemporaryFolder()
        try folder.write("0123456789", to: "a")
        let file = try mapped(folder.path("a"))
        #expect(file.size == 10 && file.path == folder.path("a"))
        #expect(file.withUnsafeBytes { Array($0) } == Array("0123456789".utf8))
        let run = MappedBytes(file, 3..<6)
        #expect(run.count == 3)
        #expect(run.withUnsafeBytes { Array($0) } == Array("345".utf8))
        #expect(MappedBytes(file, 10..<10).withUnsafeBytes { Array($0) } == [])
        let addresses = [
            file.withUnsafeBytes { $0.baseAddress.map { $0 + 3 } }, run.withUnsafeBytes(\.baseAddress),
        ]
        #expect(addresses[0] == addresses[1], "nothing is copied")
    }

    @Test("An empty file has no bytes")
    func empty() throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "a")
        let file = try mapped(folder.path("a"))
        #expect(file.size == 0)
        #expect(file.withUnsafeBytes { $0.count } == 0)
        let run = MappedBytes(file, 0..<0)
        run.release()
        #expect(run.withUnsafeBytes { Array($0) } == [])
    }

    @Test("Folders, pipes, what is not there and what is forbidden are refused")
    func refusals() throws {
        let folder = try TemporaryFolder()
        let pipe = folder.path("pipe")
        #expect(mkfifo(pipe, 0o600) == 0)
        for path in [folder.url.path, pipe, "/dev/null"] {
            #expect(throws: Unreadable.unreadable(path, reason: "it is not a regular file")) {
                try mapped(path)
            }
        }
        for path in [folder.path("no"), folder.path("no/no")] {
            #expect(throws: Unreadable.fileMissing(path)) { try mapped(path) }
        }
        try folder.write("text", to: "file")
        #expect(throws: Unreadable.fileMissing(folder.path("file/no"))) { try mapped(folder.path("file/no")) }
    }

    @Test("Bytes outlive the file's name, and come again after their pages were given back")
    func lifetime() throws {
        let folder = try TemporaryFolder()
        let text = String(repeating: "0123456789abcdef", count: 4096)
        try folder.write(text, to: "a")
        let run = MappedBytes(try mapped(folder.path("a")), 5..<text.utf8.count - 3)
        try FileManager.default.removeItem(atPath: folder.path("a"))
        let expected = Array(text.utf8)[run.range]
        for _ in 0..<2 {
            #expect(run.withUnsafeBytes { $0.elementsEqual(expected) })
            run.release()
        }
    }

    @Test("What is written to the mapping does not reach the file")
    func privacy() throws {
        let folder = try TemporaryFolder()
        try folder.write("text", to: "a")
        let file = try mapped(folder.path("a"))
        file.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            UnsafeMutableRawPointer(mutating: base).storeBytes(of: 0, as: UInt8.self)
        }
        #expect(file.withUnsafeBytes { $0[0] } == 0)
        #expect(try folder.text("a") == "text")
    }

    @Test("Errors of the closure come through")
    func errors() throws {
        let folder = try TemporaryFolder()
        try folder.write("text", to: "a")
        let run = MappedBytes(try mapped(folder.path("a")), 0..<4)
        #expect(throws: Unreadable.fileMissing("x")) {
            try run.withUnsafeBytes { (_) throws(Unreadable) in throw .fileMissing("x") }
        }
    }
}
