/// The name of a file or folder: any bytes but 0 and that of “/”. Most are UTF-8, and only these can be written as text;
/// whoever lists a folder says what becomes of the others.
public struct FileName: Hashable, Sendable {
    public let bytes: [UInt8]

    public init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    /// `nil` where the bytes are not UTF-8: as text they would name another file, or none.
    public var text: String? { String(validating: bytes, as: UTF8.self) }

    /// For sentences: bytes that are not UTF-8 and control characters stand as `\xE9`.
    public var escaped: String {
        var escaped = ""
        var rest = bytes[...]
        while let first = rest.first {
            // A character of UTF-8 has one to four bytes, and none begins another.
            let character = (1...4).lazy.compactMap { String(validating: rest.prefix($0), as: UTF8.self) }
                .first
            if let character, !(first < 0x20 || first == 0x7F) {
                escaped += character
                rest = rest.dropFirst(character.utf8.count)
            } else {
                let digits = String(first, radix: 16, uppercase: true)
                escaped += #"\x"# + (digits.count < 2 ? "0" : "") + digits
                rest = rest.dropFirst()
            }
        }
        return escaped
    }
}
