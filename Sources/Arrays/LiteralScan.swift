/// Reads the few literals of Python that headers are made of. White space between them is skipped, and nothing is
/// evaluated.
struct LiteralScan {
    private var rest: ArraySlice<UInt8>

    init(_ text: ArraySlice<UInt8>) { rest = text }

    var isAtEnd: Bool { rest.allSatisfy(Self.isSpace) }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private mutating func skipSpaces() { rest = rest.drop(while: Self.isSpace) }

    /// Whether a sign comes next.
    mutating func isAt(_ sign: Unicode.Scalar) -> Bool {
        skipSpaces()
        return rest.first == UInt8(ascii: sign)
    }

    /// Passes over a sign, if it comes next.
    mutating func take(_ sign: Unicode.Scalar) -> Bool {
        guard isAt(sign) else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// Printable characters of ASCII between quotes, none of them escaped.
    mutating func string() -> String? {
        skipSpaces()
        guard let quote = rest.first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
            return nil
        }
        let text = rest.dropFirst().prefix { $0 != quote }
        guard text.endIndex < rest.endIndex, text.count <= 32,
            text.allSatisfy({ (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "\\") })
        else { return nil }
        rest = rest[(text.endIndex + 1)...]
        return String(decoding: text, as: UTF8.self)
    }

    mutating func condition() -> Bool? {
        skipSpaces()
        for (word, value) in [("True", true), ("False", false)] where rest.starts(with: word.utf8) {
            rest = rest.dropFirst(word.utf8.count)
            return value
        }
        return nil
    }

    /// Whole numbers in parentheses, each followed by a comma but the last of several.
    mutating func tuple() -> [Int]? {
        guard take("(") else { return nil }
        var numbers: [Int] = []
        while !take(")") {
            guard let number = whole() else { return nil }
            numbers.append(number)
            if take(",") { continue }
            guard numbers.count > 1, isAt(")") else { return nil }
        }
        return numbers
    }

    /// Digits, with the L that Python 2 sets behind them.
    private mutating func whole() -> Int? {
        skipSpaces()
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard let number = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
        rest = rest[digits.endIndex...]
        if rest.first == UInt8(ascii: "L") { rest = rest.dropFirst() }
        return number
    }
}
