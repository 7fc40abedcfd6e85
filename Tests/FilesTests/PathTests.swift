import Foundation
import TemporaryFolders
import Testing

@testable import Files

struct PathTests {
    @Test(
        "A path's folder and name",
        arguments: [
            ("a", ".", "a"), ("a/b", "a", "b"), ("a/b/", "a", "b"), ("/a", "/", "a"), ("/", "/", "/"),
            ("a//b", "a", "b"), ("./~", ".", "~"),
            // A combining accent is one character with what stands before it.
            ("a/\u{301}b", "a", "\u{301}b"), ("a/\u{301}/b/\u{301}", "a/\u{301}/b", "\u{301}"),
        ])
    func parts(path: String, parent: String, name: String) {
        #expect(Path.parent(of: path) == parent)
        #expect(Path.name(of: path) == name)
    }

    @Test("Links are followed to their end, circles refused")
    func links() throws {
        let folder = try TemporaryFolder()
        let manager = FileManager.default
        try manager.createSymbolicLink(atPath: folder.path("b"), withDestinationPath: "c")
        try manager.createSymbolicLink(atPath: folder.path("a"), withDestinationPath: folder.path("b"))
        try manager.createSymbolicLink(atPath: folder.path("x"), withDestinationPath: "x")
        #expect(try Path.resolvingLink(folder.path("a")) == folder.path("c"))
        #expect(try Path.resolvingLink(folder.path("none")) == folder.path("none"))
        #expect(throws: SystemFailure(ELOOP)) { try Path.resolvingLink(folder.path("x")) }
        // A link to a name that no text can hold.
        #expect(
            symlink(
                "caf\u{E9}".unicodeScalars.map { CChar(truncatingIfNeeded: $0.value) } + [0],
                folder.path("l1")) == 0)
        #expect(throws: SystemFailure(EILSEQ)) { try Path.resolvingLink(folder.path("l1")) }
    }

    @Test(
        "What a name ends in can be taken off",
        arguments: [
            ("a.pth", "a"), ("d.x/a.b.pth", "d.x/a.b"), ("d.x/a", "d.x/a"), ("d/.hidden", "d/.hidden"),
            ("a.", "a"), ("", ""), ("/", "/"), ("..", "."), ("d.x/", "d"),
        ])
    func withoutExtension(path: String, rest: String) {
        #expect(Path.withoutExtension(path) == rest)
    }

    @Test("Paths that lead to one place are one, also where nothing is there yet")
    func canonicalPaths() throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "d/file")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("link"), withDestinationPath: folder.path("d"))
        func path(_ name: String) -> CanonicalPath { CanonicalPath(folder.path(name)) }
        #expect(path("link/file") == path("d/file"))
        #expect(path("link/new/x") == path("d/./new/x"))
        #expect(path("d/file") != path("d/files"))
        #expect(path("new/../d/file") == path("d/file"))
        #expect(path("new/./x/../../q") == path("q"))
        #expect(CanonicalPath("/no/../../../such") == CanonicalPath("/such"))
        #expect(path("link/new/x").isWithin(path("d")))
        #expect(path("d/new/x").relative(to: path("link")) == ["new", "x"])
        #expect(!path("d").isWithin(path("d")))
        #expect(!path("dd").isWithin(path("d")))
        #expect(path("d").isWithin(CanonicalPath("/")))
    }
}
