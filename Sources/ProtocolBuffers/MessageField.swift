/// A field of a message that is read: its number, and a value that whoever knows the field's type asks for.
public struct MessageField {
    enum Value {
        case variable(UInt64)
        case eightBytes(UInt64)
        case fourBytes(UInt32)
        case delimited(Range<Int>)
    }

    public let number: Int
    /// Where it begins, in bytes from the start of everything.
    public let place: Int
    let value: Value
    let bytes: UnsafeRawBufferPointer
    let depth: Int

    private var wrongLayout: MessageError { .wrongLayout(field: number, at: place) }

    /// An `int32`, `int64`, `bool` or `enum`; of a `uint64` the bit pattern.
    public func integer() throws(MessageError) -> Int {
        guard case .variable(let bits) = value else { throw wrongLayout }
        return Int(truncatingIfNeeded: bits)
    }

    public func float() throws(MessageError) -> Float {
        guard case .fourBytes(let bits) = value else { throw wrongLayout }
        return Float(bitPattern: bits)
    }

    public func double() throws(MessageError) -> Double {
        guard case .eightBytes(let bits) = value else { throw wrongLayout }
        return Double(bitPattern: bits)
    }

    /// Where a `bytes` or `string` lies, in bytes from the start of everything.
    public func range() throws(MessageError) -> Range<Int> {
        guard case .delimited(let range) = value else { throw wrongLayout }
        return range
    }

    /// A `string`.
    public func string() throws(MessageError) -> String {
        let range = try range()
        guard let text = String(validating: bytes[range], as: UTF8.self) else {
            throw .notText(field: number, at: place)
        }
        return text
    }

    /// A `bytes` that is read as text; what is not UTF-8 becomes “�”.
    public func repairedString() throws(MessageError) -> String {
        String(decoding: bytes[try range()], as: UTF8.self)
    }

    /// - Throws: also where it lies in more than `MessageReader.greatestDepth` others.
    public func message() throws(MessageError) -> MessageReader {
        let range = try range()
        guard depth < MessageReader.greatestDepth else { throw .tooDeep(at: place) }
        return MessageReader(bytes, range, depth: depth + 1)
    }
}

/// Repeated numbers: one a field, or all in one (`packed`). A reader takes either, whatever the type's definition says.
extension MessageField {
    /// Numbers as of `integer`.
    public func append(to numbers: inout [Int]) throws(MessageError) {
        guard case .delimited(let range) = value else {
            numbers.append(try integer())
            return
        }
        // Once and not for every field: many small ones would copy the array each time.
        if numbers.isEmpty { numbers.reserveCapacity(bytes[range].count { $0 < 0x80 }) }
        var rest = MessageReader(bytes, range, depth: depth)
        while !rest.isAtEnd { numbers.append(Int(truncatingIfNeeded: try rest.variable())) }
    }

    public func append(to numbers: inout [Float]) throws(MessageError) {
        if case .fourBytes(let bits) = value {
            numbers.append(Float(bitPattern: bits))
        } else {
            try append(to: &numbers) { Float(bitPattern: $0) }
        }
    }

    public func append(to numbers: inout [Double]) throws(MessageError) {
        if case .eightBytes(let bits) = value {
            numbers.append(Double(bitPattern: bits))
        } else {
            try append(to: &numbers) { Double(bitPattern: $0) }
        }
    }

    private func append<Number, Bits: FixedWidthInteger & BitwiseCopyable>(
        to numbers: inout [Number], _ number: (Bits) -> Number
    ) throws(MessageError) {
        let (range, width) = (try range(), MemoryLayout<Bits>.size)
        guard range.count % width == 0 else { throw wrongLayout }
        if numbers.isEmpty { numbers.reserveCapacity(range.count / width) }
        for place in stride(from: range.lowerBound, to: range.upperBound, by: width) {
            numbers.append(number(bytes.little(place)))
        }
    }
}
