/// Cuts a text into words, numbers and signs.
struct SyntaxScanner {
    enum Token: Equatable {
        case number(Double)
        case word(String)
        case sign(String)
        case end

        /// For errors.
        var words: String {
            switch self {
            case .number(let number): "the number \(number)"
            case .word(let word): "“\(word)”"
            case .sign(let sign): "“\(sign)”"
            case .end: "the end"
            }
        }
    }

    let language: String
    let text: String
    private let characters: [Character]
    private var position = 0
    /// The token at hand, and where it begins.
    private(set) var token = Token.end
    private(set) var start = 0

    init(_ text: String, language: String) throws(SyntaxError) {
        (self.text, self.language) = (text, language)
        characters = Array(text.prefix(SyntaxTree.longestText + 1))
        guard characters.count <= SyntaxTree.longestText else {
            throw SyntaxError(
                language: language, text: String(characters), position: SyntaxTree.longestText,
                problem: "at most \(SyntaxTree.longestText) characters are read")
        }
        try advance()
    }

    /// Takes the next token to hand.
    mutating func advance() throws(SyntaxError) {
        while position < characters.count, characters[position].isWhitespace { position += 1 }
        start = position
        guard position < characters.count else {
            token = .end
            return
        }
        let character = characters[position]
        if character.isDigit || character == "." {
            try scanNumber()
        } else if character.beginsName {
            token = .word(scan(first: true) { $0.isLetter || $0.isDigit || $0 == "_" || $0 == "." })
        } else {
            try scanSign()
        }
    }

    func failure(_ problem: String) -> SyntaxError {
        SyntaxError(language: language, text: text, position: start, problem: problem)
    }

    private mutating func scan(first: Bool = false, while belongs: (Character) -> Bool) -> String {
        let begin = position
        if first { position += 1 }
        while position < characters.count, belongs(characters[position]) { position += 1 }
        return String(characters[begin..<position])
    }

    /// Digits, a point, an exponent with its sign.
    private mutating func scanNumber() throws(SyntaxError) {
        var digits = scan { $0.isDigit || $0 == "." }
        if position < characters.count, "eE".contains(characters[position]) {
            digits.append(characters[position])
            position += 1
            if position < characters.count, "+-".contains(characters[position]) {
                digits.append(characters[position])
                position += 1
            }
            digits += scan(while: \.isDigit)
        }
        guard let number = Double(digits), number.isFinite else { throw failure("expected a finite number") }
        token = .number(number)
    }

    private mutating func scanSign() throws(SyntaxError) {
        let two = String(characters[position...].prefix(2))
        if ["<=", ">=", "==", "!="].contains(two) {
            position += 2
            token = .sign(two)
        } else if "<>+-*/^()[],".contains(characters[position]) {
            token = .sign(String(characters[position]))
            position += 1
        } else {
            throw failure("expected a name, a number or a sign, not “\(characters[position])”")
        }
    }
}

extension Character {
    fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
    fileprivate var beginsName: Bool { isLetter || self == "_" || self == "@" }
}
