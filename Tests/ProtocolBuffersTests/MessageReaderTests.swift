import ProtocolBuffers
import Testing

struct MessageReaderTests {
    /// What `body` makes of every field.
    private func fields<Result>(
        _ bytes: [UInt8], _ body: (MessageField) throws -> Result
    ) throws -> [Result] {
        try bytes.withUnsafeBytes { bytes in
            var (reader, results) = (MessageReader(bytes), [Result]())
            while let field = try reader.next() { results.append(try body(field)) }
            return results
        }
    }

    private func numbers(_ bytes: [UInt8]) throws -> [Int] { try fields(bytes, \.number) }

    @Test("What is written is read")
    func roundTrip() throws {
        var inner = ProtocolBuffer()
        inner.append(1, presentString: "é")
        var message = ProtocolBuffer()
        message.append(1, presentInteger: .min)
        message.append(2, double: -0.5)
        message.append(3, presentFloat: .infinity)
        message.append(400, message: inner)
        let integers = try fields(message.bytes) { $0.number == 1 ? try $0.integer() : nil }
        #expect(integers == [.min, nil, nil, nil])
        #expect(try fields(message.bytes) { $0.number == 2 ? try $0.double() : nil }[1] == -0.5)
        #expect(try fields(message.bytes) { $0.number == 3 ? try $0.float() : nil }[2] == .infinity)
        let texts = try fields(message.bytes) { field -> String? in
            guard field.number == 400 else { return nil }
            var reader = try field.message()
            let text = try reader.next()?.string()
            #expect(try reader.next() == nil)
            return text
        }
        #expect(texts == [nil, nil, nil, "é"])
    }

    @Test("Strings and messages are ranges of all bytes, at whatever depth")
    func ranges() throws {
        let bytes: [UInt8] = [0x08, 1, 0x12, 4, 0x1A, 2, 7, 7, 0x22, 0]
        let ranges = try fields(bytes) { field -> [Range<Int>] in
            guard field.number == 2 else { return field.number == 4 ? [try field.range()] : [] }
            var reader = try field.message()
            return [try field.range(), try reader.next()!.range()]
        }
        #expect(ranges == [[], [4..<8, 6..<8], [10..<10]])
    }

    @Test("Repeated numbers are read packed, one by one, and both")
    func repeated() throws {
        var message = ProtocolBuffer()
        message.append(1, packed: [3, 270, -1])
        message.append(1, presentInteger: 5)
        message.append(1, packed: [7])
        message.append(2, packed: [0.5, -2] as [Float])
        message.append(2, presentFloat: 3)
        message.append(3, double: 4)
        var (integers, floats, doubles) = ([Int](), [Float](), [Double]())
        _ = try fields(message.bytes + [0x1A, 8] + Array(repeating: 0, count: 8)) { field in
            switch field.number {
            case 1: try field.append(to: &integers)
            case 2: try field.append(to: &floats)
            default: try field.append(to: &doubles)
            }
        }
        #expect(integers == [3, 270, -1, 5, 7])
        #expect(floats == [0.5, -2, 3])
        #expect(doubles == [4, 0])
    }

    @Test(
        "Bytes that are no message are refused, with the place",
        arguments: [
            ([0x08], .badNumber(at: 1), "the number at byte 1 has no end"),
            ([0x08, 0x80, 0x80], .badNumber(at: 1), "the number at byte 1 has no end"),
            (
                [0x08] + Array(repeating: 0xFF, count: 11), .badNumber(at: 1),
                "the number at byte 1 has no end"
            ),
            ([0x80], .badNumber(at: 0), "the number at byte 0 has no end"),
            // Field 0, a wire type that there is not, a number of a field above 2²⁹ − 1.
            ([0x08, 1, 0x02, 0], .badKey(at: 2), "byte 2 begins no field"),
            ([0x0E], .badKey(at: 0), "byte 0 begins no field"),
            ([0xFA, 0xFF, 0xFF, 0xFF, 0x7F, 0], .badKey(at: 0), "byte 0 begins no field"),
            (
                [0x08, 1, 0x13, 0x14], .group(field: 2, at: 2),
                "field 2 at byte 2 is a group, and groups are not read"
            ),
            ([0x14], .group(field: 2, at: 0), "field 2 at byte 0 is a group, and groups are not read"),
            (
                [0x12, 3, 1, 2], .tooShort(field: 2, at: 0, wanted: 3, left: 2),
                "field 2 at byte 0 claims 3 bytes and 2 are left"
            ),
            (
                [0x12] + Array(repeating: 0xFF, count: 9) + [1],
                .tooShort(field: 2, at: 0, wanted: .max, left: 0),
                "field 2 at byte 0 claims 18446744073709551615 bytes and 0 are left"
            ),
            (
                [0x15, 0, 0, 0], .tooShort(field: 2, at: 0, wanted: 4, left: 3),
                "field 2 at byte 0 claims 4 bytes and 3 are left"
            ),
            (
                [0x11, 0], .tooShort(field: 2, at: 0, wanted: 8, left: 1),
                "field 2 at byte 0 claims 8 bytes and 1 are left"
            ),
        ] as [([UInt8], MessageError, String)])
    func malformed(bytes: [UInt8], error: MessageError, sentence: String) {
        #expect(throws: error) { try numbers(bytes) }
        #expect(error.description == sentence)
    }

    @Test("A value is not read as what it is not")
    func layouts() throws {
        func refused(_ bytes: [UInt8], _ read: (MessageField) throws -> Void) {
            #expect(throws: MessageError.wrongLayout(field: 1, at: 0)) { try fields(bytes, read) }
        }
        var (integers, floats, doubles) = ([Int](), [Float](), [Double]())
        let (variable, delimited): ([UInt8], [UInt8]) = ([0x08, 1], [0x0A, 1, 0])
        refused(variable) { _ = try $0.string() }
        refused(variable) { _ = try $0.message() }
        refused(variable) { _ = try $0.float() }
        refused(variable) { _ = try $0.double() }
        refused(variable) { try $0.append(to: &floats) }
        refused(delimited) { _ = try $0.integer() }
        // Three bytes are no whole number of floats.
        refused([0x0A, 3, 0, 0, 0]) { try $0.append(to: &floats) }
        refused([0x0A, 4, 0, 0, 0, 0]) { try $0.append(to: &doubles) }
        refused([0x0D, 0, 0, 0, 0]) { try $0.append(to: &integers) }
        #expect(throws: MessageError.badNumber(at: 2)) {
            try fields([0x0A, 1, 0x80]) { try $0.append(to: &integers) }
        }
        #expect(floats.isEmpty && doubles.isEmpty)
        let error = MessageError.notText(field: 1, at: 0)
        #expect(throws: error) { try fields([0x0A, 1, 0xFF]) { try $0.string() } }
        #expect(error.description == "field 1 at byte 0 is no text in UTF-8")
        #expect(try fields([0x0A, 1, 0xFF]) { try $0.repairedString() } == ["\u{FFFD}"])
        #expect(
            MessageError.wrongLayout(field: 1, at: 0).description
                == "field 1 at byte 0 is not laid out as a value of its type")
    }

    @Test("Messages within messages are read to a depth, and no deeper")
    func depth() throws {
        func nested(_ levels: Int) -> [UInt8] {
            (0..<levels).reduce([]) { (inner: [UInt8], _) in
                var message = ProtocolBuffer()
                message.append(1, bytes: inner)
                return message.bytes.isEmpty ? [0x0A, 0] : message.bytes
            }
        }
        func levels(_ reader: MessageReader) throws -> Int {
            var reader = reader
            guard let field = try reader.next() else { return 0 }
            return 1 + (try levels(try field.message()))
        }
        let greatest = MessageReader.greatestDepth
        #expect(try nested(greatest).withUnsafeBytes { try levels(MessageReader($0)) } == greatest)
        let bytes = nested(greatest + 1)
        let error = #expect(throws: MessageError.self) {
            try bytes.withUnsafeBytes { try levels(MessageReader($0)) }
        }
        #expect(error == .tooDeep(at: bytes.count - 2))
        #expect(
            error?.description == "the message at byte \(bytes.count - 2) lies within more than 100 others")
    }

    @Test("Ten bytes of a number are read, and what is above 64 bits is dropped")
    func longestNumber() throws {
        let longest: [UInt8] = [0x08] + Array(repeating: 0xFF, count: 9) + [0x7F]
        #expect(try fields(longest) { try $0.integer() } == [-1])
    }
}
