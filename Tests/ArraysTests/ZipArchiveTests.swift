import Archives
import Arrays
import Foundation
import TemporaryFolders
import Testing

/// Archives that are not as they should be.
struct ZipArchiveTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func sentence(_ archive: MadeArchive) throws -> String { try sentence(of: archive.bytes) }

    private func sentence(of bytes: [UInt8]) throws -> String {
        try Data(bytes).write(to: folder.url.appending(path: "b.npz"))
        return ArraysTests.sentence(folder.path("b.npz"))
    }

    private let x = MadeArchive.Member("x.npy", MadeArchive.number)

    @Test("Several members, none, and a comment that looks like an end")
    func whole() throws {
        #expect(try sentence(MadeArchive(members: [x, .init("y.npy", MadeArchive.number)])) == "none")
        #expect(try sentence(MadeArchive(members: [])) == "b.npz holds no array.")
        let end = Array(MadeArchive(members: []).bytes)
        #expect(try sentence(MadeArchive(members: [x], comment: [1, 2] + end.dropLast() + [7])) == "none")
    }

    @Test("Members that are no arrays, and two of one name")
    func names() throws {
        #expect(
            try sentence(MadeArchive(members: [x, x])) == "b.npz has “x”, the name of two arrays.")
        #expect(
            try sentence(MadeArchive(members: [x, .init("readme.txt", [65])]))
                == "b.npz has “readme.txt”, which is no .npy file.")
        #expect(
            try sentence(MadeArchive(members: [.init(".npy", MadeArchive.number)]))
                == "b.npz has “”, which cannot name an array.")
        #expect(
            try sentence(MadeArchive(members: [.init("model/data.pkl", [0x80, 2])]))
                == "b.npz is not of the formats that arrays are read from (.npy, .npz, .safetensors): "
                + "it is a checkpoint of torch.save; save its arrays with numpy.savez.")
        #expect(
            try sentence(MadeArchive(members: [.init("x.npy", [1, 2, 3])]))
                == "The array x of b.npz does not begin as .npy files do.")
    }

    @Test("Encrypted members and other compressions are refused")
    func otherMembers() throws {
        var member = x
        member.flags = 1
        #expect(
            try sentence(MadeArchive(members: [member]))
                == "x.npy of b.npz is encrypted; pack it without a password.")
        member = x
        member.method = 12
        #expect(
            try sentence(MadeArchive(members: [member]))
                == "x.npy of b.npz is compressed by method 12; only stored and deflated members are read.")
    }

    @Test("Damage is found: checksums, sizes, and headers in other places")
    func damage() throws {
        var member = x
        member.packed[member.packed.count - 1] ^= 1
        #expect(
            try sentence(MadeArchive(members: [member]))
                == "b.npz is damaged: x.npy does not have the checksum that it was packed with.")
        member = x
        member.size += 1
        #expect(
            try sentence(MadeArchive(members: [member]))
                == "b.npz is damaged: x.npy is stored in \(x.size) bytes and has \(x.size + 1).")
        member = x
        member.nameInHeader = "y.npy"
        let elsewhere = "b.npz is damaged: x.npy does not lie where the table of members says."
        #expect(try sentence(MadeArchive(members: [member])) == elsewhere)
        member = x
        member.offset = 1
        let overlap = "b.npz is no valid zip archive: its members overlap or reach beyond its table."
        #expect(try sentence(MadeArchive(members: [member])) == overlap)
        #expect(
            try sentence(of: [0x50, 0x4B, 3, 4, 0]) == "b.npz is no valid zip archive: "
                + "its end has no table of members; it may be cut short.")
        #expect(
            try sentence(MadeArchive(members: [x], count: 2))
                == "b.npz is no valid zip archive: its end has no table of members; it may be cut short.")
    }

    /// Many members that share the same bytes unpack to far more than the file holds.
    @Test func overlappingMembers() throws {
        var second = MadeArchive.Member("y.npy", MadeArchive.number)
        second.offset = 0
        #expect(
            try sentence(MadeArchive(members: [x, second]))
                == "b.npz is no valid zip archive: its members overlap or reach beyond its table.")
    }

    /// [1, 2, 3] as a stored block of deflate: final, length 3, its complement.
    private static let deflated: [UInt8] = [1, 3, 0, 0xFC, 0xFF, 1, 2, 3]

    @Test("What unpacks to another size than said is refused, before memory is taken for more than it can be")
    func inflation() throws {
        var member = MadeArchive.Member("x.npy", Self.deflated)
        member.method = 8
        member.checksum = MadeArchive.checksum([1, 2, 3])
        func sentence(size: Int) throws -> String {
            member.size = size
            return try self.sentence(MadeArchive(members: [member]))
        }
        // Unpacked as it should be: then it is no array.
        #expect(try sentence(size: 3) == "The array x of b.npz does not begin as .npy files do.")
        #expect(
            try sentence(size: 4)
                == "b.npz is damaged: x.npy unpacks to less than the 4 bytes that it should.")
        for size in [0, 2] {
            #expect(
                try sentence(size: size)
                    == "b.npz is damaged: x.npy unpacks to more than the \(size) bytes that it should.")
        }
        #expect(
            try sentence(size: 1_000_000)
                == "b.npz is damaged: x.npy claims to unpack to 1000000 bytes from 8.")
        #expect(
            try sentence(size: ZipArchive.greatestInflation + 1)
                == "The compressed members of b.npz unpack to more than 1 GiB, which is not read; "
                + "store them uncompressed.")
        member.packed[3] = 0
        #expect(try sentence(size: 3) == "b.npz is damaged: x.npy is not what it was packed as.")
        member.packed = Self.deflated + [0]
        #expect(
            try sentence(size: 3)
                == "b.npz is damaged: x.npy unpacks to less than the 3 bytes that it should.")
    }

    @Test("The bound on what is unpacked is one on all members")
    func totalInflation() throws {
        var member = MadeArchive.Member("x.npy", Self.deflated)
        member.method = 8
        member.size = ZipArchive.greatestInflation / 2 + 1
        var second = member
        second.name = "y.npy"
        #expect(
            try sentence(MadeArchive(members: [member, second])).hasPrefix("The compressed members of b.npz"))
    }
}
