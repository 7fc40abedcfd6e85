import Files

/// Text of any origin: UTF-8 throughout, and never longer than its readers can take.
enum TextInput {
    /// The bytes of a file, without a byte order mark.
    ///
    /// - Throws: `ConfigurationError.unreadable`, also for what is no regular file; `.tooLong`, before any of it is
    ///   read; `.notText` with the first byte that is none.
    static func read(_ path: String, limit: Int) throws(ConfigurationError) -> [UInt8] {
        let file = try InputFile<ConfigurationError>(path)
        guard file.size <= limit else { throw .tooLong(path, bytes: file.size, limit: limit) }
        return try checked(file.bytes(file.size, at: 0), path: path)
    }

    /// - Throws: `ConfigurationError.notText`.
    static func checked(_ bytes: [UInt8], path: String) throws(ConfigurationError) -> [UInt8] {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw .notText(path, line: 1, byte: 0, reason: "the file is UTF-16")
        }
        if let (place, reason) = firstFault(in: bytes) {
            throw .notText(path, line: line(of: place, in: bytes), byte: place, reason: reason)
        }
        return bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    }

    /// Of a byte, counted from 1.
    static func line(of place: Int, in bytes: [UInt8]) -> Int {
        1 + bytes[..<place].count { $0 == UInt8(ascii: "\n") }
    }

    private static func firstFault(in bytes: [UInt8]) -> (place: Int, reason: String)? {
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var place = 0
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let encoded):
                if let reason = fault(of: Unicode.UTF8.decode(encoded)) { return (place, reason) }
                place += encoded.count
            case .error: return (place, "\(hexadecimal(UInt32(bytes[place]))) is not UTF-8 there")
            case .emptyInput: return nil
            }
        }
    }

    private static func fault(of scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "\0": "there is a NUL, as in UTF-16 and in files that are not text"
        case "\t", "\n", "\r": nil
        case ..<" ", "\u{7F}": "there is the control character \(hexadecimal(scalar.value))"
        default: nil
        }
    }

    private static func hexadecimal(_ value: UInt32) -> String {
        "0x" + (value < 16 ? "0" : "") + String(value, radix: 16, uppercase: true)
    }
}
