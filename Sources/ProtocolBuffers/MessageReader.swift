/// Reads a protocol-buffer message field by field (protobuf.dev, “Encoding”), from bytes that may come from a stranger.
///
/// Nothing is read outside the message and nothing is copied: strings and messages within are ranges of the bytes.
/// Fields come in the order of the file; whoever does not know one passes over it.
///
/// The bytes are lent: neither the reader nor its fields may outlive them.
public struct MessageReader {
    /// How deep messages may lie in each other, as in Google's own readers.
    public static let greatestDepth = 100

    /// All bytes, of which the message is a part: places are counted from their start.
    private let bytes: UnsafeRawBufferPointer
    private let depth: Int
    private var place: Int
    private let end: Int

    public init(_ bytes: UnsafeRawBufferPointer) {
        self.init(bytes, bytes.startIndex..<bytes.endIndex, depth: 0)
    }

    /// - Parameter range: within the bytes.
    init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, depth: Int) {
        self.bytes = bytes
        self.depth = depth
        place = range.lowerBound
        end = range.upperBound
    }

    /// The next field; `nil` at the message's end.
    public mutating func next() throws(MessageError) -> MessageField? {
        guard place < end else { return nil }
        let start = place
        let key = try variable()
        guard let number = Int(exactly: key >> 3), (1..<1 << 29).contains(number) else {
            throw .badKey(at: start)
        }
        return MessageField(
            number: number, place: start, value: try value(key & 7, of: number, at: start), bytes: bytes,
            depth: depth)
    }

    private mutating func value(
        _ type: UInt64, of field: Int, at start: Int
    ) throws(MessageError) -> MessageField.Value {
        switch WireType(rawValue: type) {
        case .variable: return .variable(try variable())
        case .eightBytes: return .eightBytes(bytes.little(try range(of: 8, field, start).lowerBound))
        case .fourBytes: return .fourBytes(bytes.little(try range(of: 4, field, start).lowerBound))
        case .delimited: return .delimited(try range(of: try variable(), field, start))
        case nil where type == 3 || type == 4: throw .group(field: field, at: start)
        case nil: throw .badKey(at: start)
        }
    }

    /// Passes over so many bytes.
    private mutating func range(
        of count: UInt64, _ field: Int, _ start: Int
    ) throws(MessageError) -> Range<Int> {
        guard count <= UInt64(end - place) else {
            throw .tooShort(field: field, at: start, wanted: count, left: end - place)
        }
        defer { place += Int(count) }
        return place..<place + Int(count)
    }

    /// Seven bits a byte, the lowest first, in at most ten bytes; what is above 64 bits is dropped.
    mutating func variable() throws(MessageError) -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<min(10, end - place) {
            let byte = bytes[place + index]
            value |= UInt64(byte & 0x7F) << UInt64(7 * index)
            if byte < 0x80 {
                place += index + 1
                return value
            }
        }
        throw .badNumber(at: place)
    }

    /// Whether everything is read.
    var isAtEnd: Bool { place == end }
}

extension UnsafeRawBufferPointer {
    /// The number that begins at a byte, which the caller has checked.
    func little<Number: FixedWidthInteger & BitwiseCopyable>(_ place: Int) -> Number {
        Number(littleEndian: loadUnaligned(fromByteOffset: place, as: Number.self))
    }
}
