import Foundation
import Testing

@testable import EventFiles

struct EventTests {
    @Test("Every record has the bytes that TensorBoard's own code gives it")
    func bytes() throws {
        let records = try TensorBoardFixture.load().records
        #expect(Set(records.map(\.kind)) == ["file_version", "start", "scalars"])
        for record in records {
            let event = try #require(record.event, "\(record.kind)")
            let written = TFRecord.framed(event.message.bytes).map { String(format: "%02x", $0) }.joined()
            #expect(written == record.bytes, "\(record.kind) of step \(record.step ?? 0)")
        }
    }

    @Test("A number takes seven bits a byte")
    func variableLength() {
        func encoded(_ value: Int) -> [UInt8] {
            var message = ProtocolBuffer()
            message.append(1, integer: value)
            return message.bytes
        }
        #expect(encoded(0) == [])
        #expect(encoded(127) == [8, 127])
        // The example of the encoding's documentation.
        #expect(encoded(150) == [8, 0x96, 1])
        #expect(encoded(.max) == [8] + Array(repeating: 0xFF, count: 8) + [0x7F])
        #expect(encoded(.min) == [8] + Array(repeating: 0x80, count: 9) + [1])
    }
}
