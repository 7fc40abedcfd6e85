/// A protocol-buffer message as it is written, field by field (protobuf.dev, “Encoding”).
///
/// A field of 0 or of no bytes is the default and is left out, as proto3 has it. Methods that say `present` write it
/// all the same: within a `oneof`, where the presence says which of the fields is meant, and in repeated fields, where
/// every value counts.
public struct ProtocolBuffer: Sendable {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    /// An `int64` or an `enum`: seven bits a byte, the lowest first.
    public mutating func append(_ number: Int, integer value: Int) {
        if value != 0 { append(number, presentInteger: value) }
    }

    /// An `int64` or an `enum`, 0 too.
    public mutating func append(_ number: Int, presentInteger value: Int) {
        appendKey(number, .variable)
        appendVariable(UInt64(bitPattern: Int64(value)))
    }

    /// A repeated `int64`, packed.
    public mutating func append(_ number: Int, packed values: [Int]) {
        var packed = ProtocolBuffer()
        for value in values { packed.appendVariable(UInt64(bitPattern: Int64(value))) }
        append(number, bytes: packed.bytes)
    }

    /// A `double`.
    public mutating func append(_ number: Int, double value: Double) {
        guard value.bitPattern != 0 else { return }
        appendKey(number, .eightBytes)
        appendLittleEndian(value.bitPattern)
    }

    /// A `float`, 0 too.
    public mutating func append(_ number: Int, presentFloat value: Float) {
        appendKey(number, .fourBytes)
        appendLittleEndian(value.bitPattern)
    }

    /// A repeated `float`, packed.
    public mutating func append(_ number: Int, packed values: [Float]) {
        guard !values.isEmpty else { return }
        appendLength(number, of: 4 * values.count)
        bytes.reserveCapacity(bytes.count + 4 * values.count)
        for value in values { appendLittleEndian(value.bitPattern) }
    }

    /// A `string`.
    public mutating func append(_ number: Int, string value: String) {
        if !value.isEmpty { append(number, presentString: value) }
    }

    /// A `string`, an empty one too.
    public mutating func append(_ number: Int, presentString value: String) {
        appendLength(number, of: value.utf8.count)
        bytes += value.utf8
    }

    /// A `bytes`.
    public mutating func append(_ number: Int, bytes content: [UInt8]) {
        guard !content.isEmpty else { return }
        appendLength(number, of: content.count)
        bytes += content
    }

    /// A message, an empty one too.
    public mutating func append(_ number: Int, message: ProtocolBuffer) {
        appendLength(number, of: message.bytes.count)
        bytes += message.bytes
    }

    /// The fields of another one behind these.
    public mutating func append(_ fields: ProtocolBuffer) { bytes += fields.bytes }

    /// The beginning of a `bytes`, `string` or message of so many bytes, which are written elsewhere: for content that
    /// is not to lie in memory twice.
    public mutating func appendLength(_ number: Int, of count: Int) {
        appendKey(number, .delimited)
        appendVariable(UInt64(count))
    }

    /// What `appendLength` has announced.
    public mutating func append(content: UnsafeRawBufferPointer) { bytes += content }

    private mutating func appendKey(_ number: Int, _ type: WireType) {
        appendVariable(UInt64(number) << 3 | type.rawValue)
    }

    private mutating func appendVariable(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private mutating func appendLittleEndian(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
    }
}
