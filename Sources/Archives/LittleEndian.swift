extension Collection<UInt8> {
    /// The number that these bytes, at most seven, are; the lowest comes first.
    var littleEndian: Int { reversed().reduce(0) { $0 << 8 | Int($1) } }
}

/// Bytes that are read from front to back; `nil` where they end too early.
struct ByteScan {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: some Sequence<UInt8>) { rest = Array(bytes)[...] }

    mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    /// A number of two or four bytes.
    mutating func number(_ count: Int) -> Int? { bytes(count)?.littleEndian }

    /// A number of eight bytes that an `Int` holds.
    mutating func long() -> Int? {
        guard let low = number(4), let high = number(4), high < 1 << 31 else { return nil }
        return high << 32 | low
    }
}
