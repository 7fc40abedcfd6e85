/// A protocol-buffer message as it is written, field by field (protobuf.dev, “Encoding”).
///
/// A field of 0 or of no bytes is the default and is left out, as proto3 has it, except within a `oneof`, where its
/// presence says which of them is meant.
struct ProtocolBuffer: Sendable {
    /// How a field's value is laid out.
    private enum WireType: UInt64 {
        case variable = 0
        case eightBytes = 1
        case delimited = 2
        case fourBytes = 5
    }

    private(set) var bytes: [UInt8] = []

    /// An `int64` or an `enum`: seven bits a byte, the lowest first.
    mutating func append(_ number: Int, integer value: Int) {
        guard value != 0 else { return }
        appendKey(number, .variable)
        appendVariable(UInt64(bitPattern: Int64(value)))
    }

    /// A `double`.
    mutating func append(_ number: Int, double value: Double) {
        guard value.bitPattern != 0 else { return }
        appendKey(number, .eightBytes)
        bytes += TFRecord.littleEndian(value.bitPattern)
    }

    /// A `float` within a `oneof`.
    mutating func append(_ number: Int, chosenFloat value: Float) {
        appendKey(number, .fourBytes)
        bytes += TFRecord.littleEndian(value.bitPattern)
    }

    /// A `string`.
    mutating func append(_ number: Int, string value: String) {
        guard !value.isEmpty else { return }
        append(number, delimited: Array(value.utf8))
    }

    /// A message within a `oneof` or a repeated field.
    mutating func append(_ number: Int, message: ProtocolBuffer) {
        append(number, delimited: message.bytes)
    }

    private mutating func append(_ number: Int, delimited content: [UInt8]) {
        appendKey(number, .delimited)
        appendVariable(UInt64(content.count))
        bytes += content
    }

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
}
