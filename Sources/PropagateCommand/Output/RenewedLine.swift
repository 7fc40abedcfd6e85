import Foundation

/// How far something is, on standard error: a line that renews itself on a terminal, elsewhere a line now and then.
struct RenewedLine {
    private let columns = TerminalSurroundings.progressColumns
    private var last: Date
    private var isShown = false

    /// - Parameter last: when it was last shown; the distant past for a first line at once.
    init(last: Date) { self.last = last }

    /// Whether it is time for a new line.
    var isDue: Bool { Date().timeIntervalSince(last) > (columns == nil ? 30 : 0.25) }

    mutating func show(_ parts: [String]) {
        last = Date()
        let text = parts.joined(separator: TerminalSurroundings.showsUnicode ? " · " : ", ")
        guard let columns else { return StandardStream.note(text + "\n") }
        StandardStream.note(Self.beginning + text.prefix(max(0, columns - 1)))
        isShown = true
    }

    mutating func wipe() {
        if isShown { StandardStream.note(Self.beginning) }
        isShown = false
    }

    /// Of a line in which nothing stands any more.
    static let beginning = "\r\u{1B}[2K"
}
