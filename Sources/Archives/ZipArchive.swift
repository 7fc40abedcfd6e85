internal import CZlib
import Files

/// A zip archive, which may come from a stranger: every length is checked against the file before memory is taken, and
/// what deflated members unpack to is bounded.
///
/// Read are members that are stored or deflated, zip64, and members whose sizes follow them (data descriptors), since the
/// table at the archive's end is what counts. Not read are encrypted archives and those in several parts.
public struct ZipArchive: ~Copyable {
    /// Bytes that the deflated members of an archive may unpack to, in all: 1 GiB. Stored ones cannot be larger than
    /// the file.
    public static let greatestInflation = 1 << 30

    /// In the order of the archive's table.
    public let members: [ZipMember]
    private let file: InputFile<ArchiveError>
    /// Where the table begins, and the members end.
    private let end: Int

    /// Whether a file that begins with these bytes is meant as a zip archive.
    public static func begins(with bytes: some Collection<UInt8>) -> Bool {
        let start = Array(bytes.prefix(4))
        return start == header || start == ZipEnd.signature
    }

    private static let header: [UInt8] = [0x50, 0x4B, 3, 4]

    /// Opens an archive and reads and checks its table.
    public init(_ path: String) throws(ArchiveError) {
        let file = try InputFile<ArchiveError>(path)
        let length = min(file.size, ZipEnd.greatestSize + 20)
        let tail = try file.bytes(length, at: file.size - length)
        let found = try ZipEnd(tail: tail, fileSize: file.size) { (count, offset) throws(ArchiveError) in
            try file.bytes(count, at: offset)
        }
        guard let found else {
            throw .malformed(path, reason: "its end has no table of members; it may be cut short")
        }
        var scan = ByteScan(try file.bytes(found.table.count, at: found.table.lowerBound))
        var members: [ZipMember] = []
        for index in 0..<found.memberCount {
            guard let member = ZipMember(&scan) else {
                throw .malformed(path, reason: "entry \(index + 1) of its table of members is not one")
            }
            members.append(member)
        }
        try Self.check(members, end: found.table.lowerBound, path)
        self.members = members
        end = found.table.lowerBound
        self.file = file
    }

    /// Refuses members that share bytes, as those of archives that unpack to far more than they hold, and too much
    /// inflation.
    private static func check(_ members: [ZipMember], end: Int, _ path: String) throws(ArchiveError) {
        var (free, inflated) = (0, 0)
        for member in members.sorted(by: { $0.offset < $1.offset }) {
            let least = ZipMember.headerSize + member.nameBytes.count
            guard member.offset >= free, member.offset <= end - least,
                member.packedSize <= end - least - member.offset
            else { throw .malformed(path, reason: "its members overlap or reach beyond its table") }
            free = member.offset + least + member.packedSize
            guard member.method == ZipMember.deflated else { continue }
            guard member.size <= greatestInflation - inflated else { throw .tooLarge(path) }
            inflated += member.size
        }
    }

    /// The bytes of a member, whose checksum has to be right.
    public func bytes(of member: ZipMember) throws(ArchiveError) -> [UInt8] {
        guard !member.isEncrypted else { throw .encrypted(file.path, member: member.name) }
        let bytes: [UInt8]
        switch member.method {
        case ZipMember.stored:
            guard member.size == member.packedSize else {
                throw damage(member, "is stored in \(member.packedSize) bytes and has \(member.size)")
            }
            bytes = try packedBytes(of: member)
        case ZipMember.deflated: bytes = try inflatedBytes(of: member)
        default: throw .otherCompression(file.path, member: member.name, method: member.method)
        }
        guard Int(cz_crc32(bytes, bytes.count)) == member.checksum else {
            throw damage(member, "does not have the checksum that it was packed with")
        }
        return bytes
    }

    private func damage(_ member: ZipMember, _ reason: String) -> ArchiveError {
        .damaged(file.path, member: member.name, reason: reason)
    }

    private func packedBytes(of member: ZipMember) throws(ArchiveError) -> [UInt8] {
        var scan = ByteScan(try file.bytes(ZipMember.headerSize, at: member.offset))
        guard scan.bytes(4).map(Array.init) == Self.header, scan.bytes(22) != nil,
            let nameLength = scan.number(2), let extraLength = scan.number(2),
            nameLength == member.nameBytes.count
        else { throw damage(member, "does not lie where the table of members says") }
        let start = member.offset + ZipMember.headerSize + nameLength + extraLength
        guard start <= end, member.packedSize <= end - start,
            try file.bytes(nameLength, at: member.offset + ZipMember.headerSize) == member.nameBytes
        else { throw damage(member, "does not lie where the table of members says") }
        return try file.bytes(member.packedSize, at: start)
    }

    private func inflatedBytes(of member: ZipMember) throws(ArchiveError) -> [UInt8] {
        // Deflate cannot do better than 258 bytes for two bits: no memory is taken for what claims to.
        guard member.size / 1032 <= member.packedSize else {
            throw damage(member, "claims to unpack to \(member.size) bytes from \(member.packedSize)")
        }
        let packed = try packedBytes(of: member)
        var outcome = cz_inflated
        let bytes = [UInt8](unsafeUninitializedCapacity: member.size) { target, count in
            outcome = cz_inflate(packed, packed.count, target.baseAddress, member.size)
            count = outcome == cz_inflated ? member.size : 0
        }
        switch outcome {
        case cz_inflated: return bytes
        case cz_too_short:
            throw damage(member, "unpacks to less than the \(member.size) bytes that it should")
        case cz_too_long: throw damage(member, "unpacks to more than the \(member.size) bytes that it should")
        case cz_out_of_memory:
            throw .unreadable(file.path, reason: "there is no memory to unpack \(member.name) with")
        default: throw damage(member, "is not what it was packed as")
        }
    }
}
