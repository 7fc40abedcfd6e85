import Files
import Foundation
import TemporaryFolders
import Testing

@Suite struct FileNameTests {
    @Test(arguments: [
        ("plain.png", "plain.png"), ("café", "café"), ("\u{1F600}.jpg", "\u{1F600}.jpg"),
        ("a\u{1B}[31m", #"a\x1B[31m"#), ("", ""),
    ])
    func textIsKept(name: String, escaped: String) {
        #expect(FileName(name.utf8).text == name)
        #expect(FileName(name.utf8).escaped == escaped)
    }

    /// Latin-1, a character cut short, one that is encoded too long, half of a pair: none is text.
    @Test(
        arguments: [
            ([0x63, 0x61, 0x66, 0xE9], #"caf\xE9"#), ([0xC3], #"\xC3"#), ([0xC3, 0x28], #"\xC3("#),
            ([0xC0, 0x80], #"\xC0\x80"#), ([0xED, 0xA0, 0x80], #"\xED\xA0\x80"#),
            ([0xC3, 0xA9, 0xFF, 0x0A], #"é\xFF\x0A"#),
        ] as [([UInt8], String)])
    func otherBytesAreEscaped(bytes: [UInt8], escaped: String) {
        #expect(FileName(bytes).text == nil)
        #expect(FileName(bytes).escaped == escaped)
    }

    @Test func foldersAreListedAsTheyAre() throws {
        let temporary = try TemporaryFolder()
        try temporary.write("", to: "a")
        try temporary.write("", to: ".hidden")
        let other = temporary.url.path.utf8CString.dropLast() + [0x2F, -1, 0]
        #expect(mkdir(Array(other), 0o777) == 0)
        #expect(
            Set(try Folder.names(in: temporary.url.path)) == [
                FileName("a".utf8), FileName(".hidden".utf8), FileName([0xFF]),
            ])
        #expect(Folder.textNames(in: temporary.url.path).sorted() == [".hidden", "a"])
        #expect(throws: SystemFailure(ENOENT)) { try Folder.names(in: temporary.path("none")) }
        #expect(throws: SystemFailure(ENOTDIR)) { try Folder.names(in: temporary.path("a")) }
        #expect(Folder.textNames(in: temporary.path("none")) == [])
    }
}
