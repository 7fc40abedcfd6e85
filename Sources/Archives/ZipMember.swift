/// A file in a zip archive, as the archive's table has it.
public struct ZipMember: Sendable, Equatable {
    public let name: String
    /// Bytes, unpacked.
    public let size: Int
    let packedSize: Int
    let method: Int
    let checksum: Int
    let isEncrypted: Bool
    /// Where the member's own header lies.
    let offset: Int

    /// Bytes of the name as they stand in the archive.
    let nameBytes: [UInt8]

    /// Of an entry in the table, without a name.
    static let leastTableSize = 46
    /// Of the header before the member's bytes, without a name.
    static let headerSize = 30

    static let stored = 0
    static let deflated = 8

    /// Reads one entry of the table; `nil` where there is none.
    init?(_ scan: inout ByteScan) {
        // Versions; then time and date.
        guard scan.bytes(4).map(Array.init) == [0x50, 0x4B, 1, 2], scan.bytes(4) != nil,
            let flags = scan.number(2),
            let method = scan.number(2), scan.bytes(4) != nil, let checksum = scan.number(4),
            let packed = scan.number(4), let size = scan.number(4), let nameLength = scan.number(2),
            let extraLength = scan.number(2), let commentLength = scan.number(2), let disk = scan.number(2),
            scan.bytes(6) != nil, let offset = scan.number(4), let name = scan.bytes(nameLength),
            let extra = scan.bytes(extraLength), scan.bytes(commentLength) != nil,
            let text = String(validating: name, as: UTF8.self),
            let long = LongFields(extra, size: size, packed: packed, offset: offset, disk: disk)
        else { return nil }
        self.name = text
        nameBytes = Array(name)
        (self.size, packedSize, self.offset) = (long.size, long.packed, long.offset)
        (self.method, self.checksum) = (method, checksum)
        isEncrypted = flags & 1 != 0
    }

    /// Numbers that four bytes may not hold: then they stand in the extra field of zip64, in this order.
    private struct LongFields {
        private(set) var size: Int
        private(set) var packed: Int
        private(set) var offset: Int

        init?(_ extra: ArraySlice<UInt8>, size: Int, packed: Int, offset: Int, disk: Int) {
            (self.size, self.packed, self.offset) = (size, packed, offset)
            guard disk == 0 || disk == 0xFFFF else { return nil }
            let unknown = 0xFFFF_FFFF
            guard [size, packed, offset].contains(unknown) || disk == 0xFFFF else { return }
            guard var scan = Self.field(1, in: extra) else { return nil }
            for place in [\LongFields.size, \.packed, \.offset] where self[keyPath: place] == unknown {
                guard let number = scan.long() else { return nil }
                self[keyPath: place] = number
            }
            if disk == 0xFFFF, scan.number(4) != 0 { return nil }
        }

        private static func field(_ tag: Int, in extra: ArraySlice<UInt8>) -> ByteScan? {
            var scan = ByteScan(extra)
            while let found = scan.number(2), let length = scan.number(2), let field = scan.bytes(length) {
                if found == tag { return ByteScan(field) }
            }
            return nil
        }
    }
}
