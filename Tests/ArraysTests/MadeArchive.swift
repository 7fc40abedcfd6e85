/// A zip archive that is put together field by field, so that each can be wrong.
struct MadeArchive {
    struct Member {
        var name: String
        /// As it lies in the archive.
        var packed: [UInt8]
        var size: Int
        var method = 0
        var flags = 0
        var checksum: UInt32
        /// Of the member's own header, where the table says another.
        var nameInHeader: String?
        var offset: Int?

        /// Stored.
        init(_ name: String, _ bytes: [UInt8]) {
            self.name = name
            packed = bytes
            size = bytes.count
            checksum = MadeArchive.checksum(bytes)
        }
    }

    var members: [Member]
    var comment: [UInt8] = []
    /// Members that the end claims.
    var count: Int?

    var bytes: [UInt8] {
        var (file, table) = ([UInt8](), [UInt8]())
        for member in members {
            let own = Array((member.nameInHeader ?? member.name).utf8)
            let name = Array(member.name.utf8)
            let middle =
                Self.number(member.flags, 2) + Self.number(member.method, 2) + Self.number(0, 4)
                + Self.number(Int(member.checksum), 4) + Self.number(member.packed.count, 4)
                + Self.number(member.size, 4)
            table +=
                [0x50, 0x4B, 1, 2, 20, 0, 20, 0] + middle + Self.number(name.count, 2) + Self.number(0, 12)
                + Self.number(member.offset ?? file.count, 4) + name
            file +=
                [0x50, 0x4B, 3, 4, 20, 0] + middle + Self.number(own.count, 2) + [0, 0] + own + member.packed
        }
        let total = Self.number(count ?? members.count, 2)
        return file + table + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + total + total + Self.number(table.count, 4)
            + Self.number(file.count, 4) + Self.number(comment.count, 2) + comment
    }

    private static func number(_ number: Int, _ size: Int) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: $0 < 8 ? number >> (8 * $0) : 0) }
    }

    /// CRC-32, bit by bit.
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum >> 1 ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
    }

    /// A .npy file of one number.
    static let number: [UInt8] = {
        let text = Array("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }\n".utf8)
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.count), 0] + text + [0, 0, 128, 63]
    }()
}
