/// Why a text does not follow the grammar, or a name in it means nothing; shown with a caret under the place.
public struct SyntaxError: Error, Equatable, CustomStringConvertible {
    /// What the text was to be: “expression”, “assertion”.
    public let language: String
    public let text: String
    /// Of the character, counted from 0.
    public let position: Int
    /// A clause, such as “expected a number”.
    public let problem: String

    public init(language: String, text: String, position: Int, problem: String) {
        self.language = language
        self.text = text
        self.position = position
        self.problem = problem
    }

    public var description: String {
        let place =
            "The \(language) “\(Self.shortened(text))” cannot be read at character \(position + 1): \(problem)."
        return place + "\n" + caret
    }

    /// The neighbourhood of the place, and a caret below it.
    private var caret: String {
        let characters = Array(text).map { $0.isNewline || $0 == "\t" ? " " : $0 }
        let first = max(0, min(position - Self.window / 2, characters.count - Self.window))
        let shown = characters[first..<min(characters.count, first + Self.window)]
        let (before, after) = (first > 0 ? "…" : "", first + shown.count < characters.count ? "…" : "")
        let indent = String(repeating: " ", count: position - first + before.count)
        return "    \(before)\(String(shown))\(after)\n    \(indent)^"
    }

    /// Characters of a long text that are shown.
    private static let window = 64

    static func shortened(_ text: String) -> String {
        text.count <= window ? text : text.prefix(window) + "…"
    }
}
