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
}
