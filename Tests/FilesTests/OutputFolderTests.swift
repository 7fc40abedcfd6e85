import Foundation
import TemporaryFolders
import Testing

@testable import Files

struct OutputFolderTests {
    private func publish(
        _ files: [String: String], to path: String, replacing earlier: [String] = []
    ) throws {
        let folder = try OutputFolder<Unwritable>(path)
        for (name, text) in files { try folder.write(text, to: name) }
        try folder.publish(replacing: earlier)
    }

    @Test("A new folder appears as a whole, with the folders that it lies in")
    func new() throws {
        let folder = try TemporaryFolder()
        try publish(["a": "1", "figures/b": "2"], to: folder.path("x/y"))
        #expect(try folder.contents() == ["x", "x/y", "x/y/a", "x/y/figures", "x/y/figures/b"])
    }

    @Test("What an earlier publication left is removed, and nothing else")
    func replacement() throws {
        let folder = try TemporaryFolder()
        try publish(["a": "1", "figures/b": "2", "old/c": "3"], to: folder.path("r"))
        try folder.write("mine", to: "r/figures/mine")
        try publish(
            ["a": "new", "figures/d": "4"], to: folder.path("r"), replacing: ["a", "figures/b", "old/c"])
        #expect(
            try folder.contents() == ["r", "r/a", "r/figures", "r/figures/d", "r/figures/mine"])
        #expect(try folder.text("r/a") == "new")
    }

    @Test(
        "A list that names what lies outside removes nothing",
        arguments: [
            "../kept", "/kept", "link/kept", "./../kept", "figures/../../kept", "", "x/../\u{301}/../kept",
        ])
    func hostileLists(name: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("mine", to: "kept")
        try publish(["a": "1"], to: folder.path("r"))
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("r/link"), withDestinationPath: folder.path("."))
        try publish(["a": "2"], to: folder.path("r"), replacing: [name])
        #expect(try folder.text("kept") == "mine")
        #expect(try folder.text("r/a") == "2")
    }

    @Test("A file where a folder is to be stays, and is told")
    func inTheWay() throws {
        let folder = try TemporaryFolder()
        try folder.write("mine", to: "r/figures")
        #expect(throws: Unwritable(path: folder.path("r/figures"), reason: "Not a directory")) {
            try publish(["figures/b": "2"], to: folder.path("r"))
        }
        #expect(try folder.text("r/figures") == "mine")
    }

    @Test("A trial of a killed process is removed by the next, and a trial leaves nothing")
    func trials() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path(".propagate.0123456789abcdef.partial"), withIntermediateDirectories: false)
        try Folder.tryEntry(in: folder.path("."))
        #expect(try folder.contents() == [])
    }

    @Test("A link within the folder is replaced and not followed")
    func links() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path("elsewhere"), withIntermediateDirectories: false)
        try FileManager.default.createDirectory(atPath: folder.path("r"), withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("r/figures"), withDestinationPath: folder.path("elsewhere"))
        try publish(["figures/b": "2"], to: folder.path("r"))
        #expect(try folder.contents() == ["elsewhere", "r", "r/figures", "r/figures/b"])
        #expect(Folder.isOne(folder.path("r/figures")))
    }

    @Test("What a killed process left of the same folder is removed")
    func leftovers() throws {
        let folder = try TemporaryFolder()
        try folder.write("half", to: ".r.0123456789abcdef.partial/figures/b")
        try publish(["a": "1"], to: folder.path("r"))
        #expect(try folder.contents() == ["r", "r/a"])
        try folder.write("half", to: "r/.r.0123456789abcdef.partial/figures/b")
        try publish(["a": "2"], to: folder.path("r"))
        #expect(try folder.contents() == ["r", "r/a"])
    }
}
