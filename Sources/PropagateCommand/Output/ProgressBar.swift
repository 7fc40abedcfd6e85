import Foundation

/// A progress bar on standard error, only where that is a terminal and only after a second.
final class ProgressBar {
    private let total: Int
    private let start = Date()
    private let isShown = isatty(STDERR_FILENO) == 1
    private var done = 0
    private var lastPercent = -1
    private var isVisible = false

    init(total: Int) { self.total = max(1, total) }

    func advance() {
        done += 1
        guard isShown else { return }
        let percent = min(100, 100 * done / total)
        guard percent != lastPercent, Date().timeIntervalSince(start) > 1 else { return }
        lastPercent = percent
        isVisible = true
        let filled = percent * Self.width / 100
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
        write("\r\(bar) \(percent) %")
    }

    /// Wipes the bar.
    func finish() {
        if isVisible { write("\r\u{1B}[2K") }
        isVisible = false
    }

    private static let width = 40

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
