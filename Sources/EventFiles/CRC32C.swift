/// CRC-32C (Castagnoli): the checksum of RFC 3720, section 12.1, which TFRecord files carry.
struct CRC32C: Sendable {
    /// The polynomial 0x1EDC6F41, its bits reversed.
    private static let polynomial: UInt32 = 0x82F6_3B78

    /// The remainder of every byte.
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { remainder, _ in
            remainder & 1 == 1 ? (remainder >> 1) ^ polynomial : remainder >> 1
        }
    }

    let value: UInt32

    init(of bytes: some Sequence<UInt8>) {
        let table = CRC32C.table
        value = ~bytes.reduce(~0 as UInt32) { remainder, byte in
            table[Int((remainder ^ UInt32(byte)) & 0xFF)] ^ (remainder >> 8)
        }
    }

    /// As TFRecord files hold it: rotated by 15 bits, plus a constant, so that a checksum of data that itself holds
    /// checksums stays a good one (tensorflow/core/lib/hash/crc32c.h).
    var masked: UInt32 { ((value >> 15) | (value << 17)) &+ 0xA282_EAD8 }
}
