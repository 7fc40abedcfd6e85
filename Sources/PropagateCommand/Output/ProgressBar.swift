import Foundation

/// A progress bar on standard error, only where that is a terminal and only after a second.
final class ProgressBar {
    private let total: Int
    private let start = Date()
    /// Cells of the bar; `nil` where it is not shown.
    private let width: Int?
    private let cells: (done: String, left: String)
    private var done = 0
    private var lastPercent = -1
    private var isVisible = false

    init(total: Int) {
        self.total = max(1, total)
        // The bar, a space, “100 %” and a free last column.
        width = TerminalSurroundings.progressColumns.map { min(40, $0 - 7) }.flatMap { $0 > 0 ? $0 : nil }
        cells = TerminalSurroundings.showsUnicode ? ("█", "░") : ("#", ".")
    }

    func advance() {
        done += 1
        guard let width else { return }
        let percent = min(100, 100 * done / total)
        guard percent != lastPercent, Date().timeIntervalSince(start) > 1 else { return }
        lastPercent = percent
        isVisible = true
        let filled = percent * width / 100
        let (done, left) = (cells.done, cells.left)
        let bar = String(repeating: done, count: filled) + String(repeating: left, count: width - filled)
        StandardStream.note("\r\(bar) \(percent) %")
    }

    /// Wipes the bar.
    func finish() {
        if isVisible { StandardStream.note(RenewedLine.beginning) }
        isVisible = false
    }
}
