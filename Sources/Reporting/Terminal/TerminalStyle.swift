/// What the terminal can show, decided by the caller: a report never looks at its surroundings.
public struct TerminalStyle: Sendable, Equatable {
    /// Columns.
    public var width: Int
    /// Lines the report tries to stay within.
    public var height: Int
    /// ANSI colours.
    public var colour: Bool
    /// Line drawing, braille and mathematical characters; plain ASCII otherwise.
    public var unicode: Bool
    /// Every check with its numbers, not only those that need a word.
    public var isVerbose: Bool

    public init(
        width: Int = 100, height: Int = 44, colour: Bool = false, unicode: Bool = true,
        isVerbose: Bool = false
    ) {
        self.isVerbose = isVerbose
        self.width = width
        self.height = height
        self.colour = colour
        self.unicode = unicode
    }

    /// What a piece of text means; the colour follows from it.
    enum Ink: String, Sendable {
        case total = "38;5;39"
        case direct = "38;5;208"
        case weights = "38;5;42"
        case heading = "1"
        case quiet = "2"
        case good = "32"
        case bad = "1;31"
        // A headline, by how its news is to be taken; grave ones are `bad`.
        case sound = "1;32"
        case doubtful = "1;33"
        // Lines that stand for networks rather than for quantities.
        case purple = "38;5;176"
        case amber = "38;5;220"
        case slate = "38;5;250"
        case red = "38;5;203"
        case cyan = "38;5;51"
    }

    func paint(_ text: String, _ ink: Ink?) -> String {
        guard colour, let ink, !text.isEmpty else { return text }
        return "\u{1B}[\(ink.rawValue)m\(text)\u{1B}[0m"
    }

    /// The sign of a negative number.
    var minus: String { either("−", "-") }

    /// The first form where it can be shown, the second in plain ASCII.
    func either(_ fine: String, _ plain: String) -> String { unicode ? fine : plain }

    /// Text as this terminal can show it: no control characters, and ASCII if it must be.
    func shown(_ text: String) -> String {
        let safe = text.withoutControlCharacters
        return unicode ? safe : TerminalStyle.transliterated(safe)
    }

    private static func transliterated(_ text: String) -> String {
        var plain = ""
        for character in text {
            // F̂ is an F with a combining hat: its letter can stay.
            let letters = String(String.UnicodeScalarView(character.unicodeScalars.filter(\.isASCII)))
            plain += substitutes[character] ?? (letters.isEmpty ? "?" : letters)
        }
        return plain
    }

    private static let substitutes: [Character: String] = [
        "·": "-", "×": "x", "−": "-", "–": "-", "—": "-", "…": "...", "±": "+-", "‖": "|", "∏": "prod",
        "Σ": "sum", "∂": "d", "⟨": "<", "⟩": ">", "≤": "<=", "≥": ">=", "∘": "o", "λ": "lambda",
        "σ": "sigma",
        "√": "sqrt", "²": "^2", "∇": "grad ", "ᵀ": "^T", "′": "'", "→": "->", "←": "<-", "∞": "inf",
        "≈": "~",
        "ε": "eps", "‘": "'", "’": "'", "“": "\"", "”": "\"", "⁻": "^-", "∈": "in", "⋅": ".", "γ": "gamma",
        "β": "beta", "η": "eta", "μ": "mu", "α": "alpha",
    ]
}
