import Files
import Testing

@Suite("SHA-256")
struct SHA256Tests {
    /// The examples of FIPS 180-4 (csrc.nist.gov, “SHA256.pdf”), and the empty message.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            String(repeating: "a", count: 1_000_000),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        ),
    ])
    func standardExamplesHold(message: String, expected: String) {
        var checksum = SHA256()
        Array(message.utf8).withUnsafeBytes { checksum.update($0) }
        #expect(checksum.hexadecimal == expected)
    }

    /// Pieces of any length, over the borders of blocks, are the whole.
    @Test(arguments: [1, 3, 55, 56, 63, 64, 65, 130])
    func piecesMakeTheWhole(length: Int) {
        let message = (0..<500).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        var whole = SHA256()
        message.withUnsafeBytes { whole.update($0) }
        var pieces = SHA256()
        for start in stride(from: 0, to: message.count, by: length) {
            Array(message[start..<min(start + length, message.count)]).withUnsafeBytes { pieces.update($0) }
        }
        #expect(pieces.hexadecimal == whole.hexadecimal)
    }
}
