/// Cuts an assertion into words, numbers and signs.
struct AssertionScanner {
    enum Token: Equatable {
        case number(Double)
        case word(String)
        case sign(String)
        case end
    }

    let text: String
    private let characters: [Character]
    private var position = 0
    /// The token at hand, and where it begins.
    private(set) var token = Token.end
    private(set) var start = 0

    init(_ text: String) throws(AssertionError) {
        self.text = text
        characters = Array(text)
        try advance()
    }

    /// Takes the next token to hand.
    mutating func advance() throws(AssertionError) {
        while position < characters.count, characters[position].isWhitespace { position += 1 }
        start = position
        guard position < characters.count else {
            token = .end
            return
        }
        let character = characters[position]
        if character.isASCIIDigit || character == "." {
            try scanNumber()
        } else if character.isLetter || character == "_" {
            token = .word(scan { $0.isLetter || $0.isASCIIDigit || $0 == "_" || $0 == "." })
        } else {
            try scanSign()
        }
    }

    func failure(expected: String) -> AssertionError {
        .syntax(text, position: start + 1, expected: expected)
    }

    private mutating func scan(while belongs: (Character) -> Bool) -> String {
        let begin = position
        while position < characters.count, belongs(characters[position]) { position += 1 }
        return String(characters[begin..<position])
    }

    /// Digits, a point, an exponent with its sign.
    private mutating func scanNumber() throws(AssertionError) {
        var digits = scan { $0.isASCIIDigit || $0 == "." }
        if position < characters.count, "eE".contains(characters[position]) {
            digits.append(characters[position])
            position += 1
            if position < characters.count, "+-".contains(characters[position]) {
                digits.append(characters[position])
                position += 1
            }
            digits += scan(while: \.isASCIIDigit)
        }
        guard let number = Double(digits), number.isFinite else { throw failure(expected: "a finite number") }
        token = .number(number)
    }

    private mutating func scanSign() throws(AssertionError) {
        let two = String(characters[position...].prefix(2))
        if ["<=", ">=", "==", "!="].contains(two) {
            position += 2
            token = .sign(two)
        } else if "<>+-*/()[]".contains(characters[position]) {
            token = .sign(String(characters[position]))
            position += 1
        } else {
            throw failure(expected: "a name, a number or a sign, not “\(characters[position])”")
        }
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
