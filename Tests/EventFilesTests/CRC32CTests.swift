import Testing

@testable import EventFiles

struct CRC32CTests {
    // RFC 3720, appendix B.4; there the bytes stand in the order of transmission, the lowest first.
    @Test(
        "The checksums are those of RFC 3720",
        arguments: [
            (Array(repeating: 0, count: 32), 0x8A91_36AA), (Array(repeating: 0xFF, count: 32), 0x62A8_AB43),
            (Array(0..<32), 0x46DD_794E), (Array((0..<32).reversed()), 0x113F_DB5C),
            (
                [0x01, 0xC0, 0, 0] + Array(repeating: 0, count: 12) + [
                    0x14, 0, 0, 0, 0, 0, 0x04, 0, 0, 0, 0, 0x14,
                ]
                    + [0, 0, 0, 0x18, 0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0, 0], 0xD996_3A56
            ),
        ] as [([UInt8], UInt32)])
    func vectors(bytes: [UInt8], checksum: UInt32) {
        #expect(CRC32C(of: bytes).value == checksum)
    }

    // The check value of the CRC catalogues, and 0 of nothing.
    @Test("“123456789” has the catalogue's check value")
    func check() {
        #expect(CRC32C(of: Array("123456789".utf8)).value == 0xE306_9283)
        #expect(CRC32C(of: []).value == 0)
    }
}
