import ProtocolBuffers
import Testing

struct ProtocolBufferTests {
    private func message(_ write: (inout ProtocolBuffer) -> Void) -> [UInt8] {
        var message = ProtocolBuffer()
        write(&message)
        return message.bytes
    }

    @Test("A number takes seven bits a byte")
    func variableLength() {
        func encoded(_ value: Int) -> [UInt8] { message { $0.append(1, integer: value) } }
        #expect(encoded(0) == [])
        #expect(encoded(127) == [8, 127])
        // The example of the encoding's documentation.
        #expect(encoded(150) == [8, 0x96, 1])
        #expect(encoded(.max) == [8] + Array(repeating: 0xFF, count: 8) + [0x7F])
        #expect(encoded(.min) == [8] + Array(repeating: 0x80, count: 9) + [1])
    }

    @Test("What is present is written, though it be 0 or empty")
    func presence() {
        #expect(message { $0.append(3, presentInteger: 0) } == [0x18, 0])
        #expect(message { $0.append(2, presentFloat: 0) } == [0x15, 0, 0, 0, 0])
        #expect(message { $0.append(1, presentString: "") } == [0x0A, 0])
        #expect(message { $0.append(5, message: ProtocolBuffer()) } == [0x2A, 0])
        let absent = message {
            $0.append(1, string: "")
            $0.append(2, double: 0)
            $0.append(3, bytes: [])
            $0.append(4, packed: [] as [Int])
            $0.append(5, packed: [] as [Float])
        }
        #expect(absent == [])
    }

    @Test("Repeated numbers are packed, and keys of high numbers take two bytes")
    func packing() {
        // The example of the encoding's documentation.
        #expect(message { $0.append(6, packed: [3, 270, 86942]) } == [0x32, 6, 3, 0x8E, 2, 0x9E, 0xA7, 5])
        #expect(
            message { $0.append(4, packed: [1, -2] as [Float]) } == [
                0x22, 8, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0,
            ])
        #expect(message { $0.append(25, bytes: [9]) } == [0xCA, 1, 1, 9])
        #expect(message { $0.appendLength(9, of: 300) } == [0x4A, 0xAC, 2])
    }
}
