/// Where an archive's table of members lies, from the records at its end.
struct ZipEnd {
    let memberCount: Int
    let table: Range<Int>

    /// Of the record with no comment, and of the longest comment.
    static let size = 22
    static let greatestSize = size + 0xFFFF
    static let signature: [UInt8] = [0x50, 0x4B, 5, 6]
    private static let locatorSize = 20
    private static let longSize = 56

    /// - Parameters:
    ///   - tail: the file's last bytes, `greatestSize` and a locator's if it has so many.
    ///   - bytes: reads a part of the file.
    /// - Returns: `nil` where there is no such record, or where it contradicts the file.
    init?<Failure: Error>(
        tail: [UInt8], fileSize: Int, bytes: (_ count: Int, _ offset: Int) throws(Failure) -> [UInt8]
    ) throws(Failure) {
        guard let start = Self.start(in: tail) else { return nil }
        var scan = ByteScan(tail[(start + 4)...])
        let position = fileSize - tail.count + start
        guard let disk = scan.number(2), let tableDisk = scan.number(2), let here = scan.number(2),
            let count = scan.number(2), let size = scan.number(4), let offset = scan.number(4)
        else { return nil }
        if [disk, tableDisk, here, count].contains(0xFFFF) || [size, offset].contains(0xFFFF_FFFF) {
            try self.init(locator: tail[..<start].suffix(Self.locatorSize), end: position, bytes)
        } else {
            guard disk == 0, tableDisk == 0, here == count else { return nil }
            self.init(count: count, size: size, offset: offset, end: position)
        }
    }

    /// The last place where a record's comment reaches to the end of the file.
    private static func start(in tail: [UInt8]) -> Int? {
        guard tail.count >= size else { return nil }
        return stride(from: tail.count - size, through: 0, by: -1).first { start in
            tail[start] == signature[0] && Array(tail[start..<start + 4]) == signature
                && tail[(start + 20)..<(start + 22)].littleEndian == tail.count - start - size
        }
    }

    private init?(count: Int, size: Int, offset: Int, end: Int) {
        guard offset <= end, size <= end - offset, count <= size / ZipMember.leastTableSize else {
            return nil
        }
        memberCount = count
        table = offset..<(offset + size)
    }

    /// From the records of zip64, where a number does not fit those of zip.
    private init?<Failure: Error>(
        locator: some Collection<UInt8>, end: Int, _ bytes: (Int, Int) throws(Failure) -> [UInt8]
    ) throws(Failure) {
        var scan = ByteScan(locator)
        guard scan.bytes(4).map(Array.init) == [0x50, 0x4B, 6, 7], scan.number(4) == 0,
            let place = scan.long(),
            scan.number(4) == 1, place <= end - Self.locatorSize - Self.longSize
        else { return nil }
        scan = ByteScan(try bytes(Self.longSize, place))
        // Size of the record, versions of the program that wrote it and that can read it.
        guard scan.bytes(4).map(Array.init) == [0x50, 0x4B, 6, 6], scan.bytes(12) != nil, scan.number(4) == 0,
            scan.number(4) == 0, let here = scan.long(), let count = scan.long(), here == count,
            let size = scan.long(), let offset = scan.long()
        else { return nil }
        self.init(count: count, size: size, offset: offset, end: place)
    }
}
