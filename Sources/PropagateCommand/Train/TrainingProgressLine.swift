import Foundation
import Reporting
import Training

/// How far a training run is, on standard error: a line that renews itself on a terminal, elsewhere a line now and
/// then.
struct TrainingProgressLine {
    private let isQuiet: Bool
    private let columns: Int?
    private let start = Date()
    private var last = Date.distantPast
    /// Where this process began.
    private let firstIteration: Int

    init(isQuiet: Bool, from iteration: Int) {
        self.isQuiet = isQuiet
        columns = TerminalSurroundings.progressColumns
        firstIteration = iteration
    }

    /// Seconds from one line to the next.
    private var pause: Double { columns == nil ? 30 : 0.25 }

    mutating func show(iteration: Int, of total: Int, _ step: TrainingProgress, tested: Evaluation?) {
        guard !isQuiet, Date().timeIntervalSince(last) > pause || iteration == total else { return }
        last = Date()
        var parts = [
            "\(iteration)/\(total)", "rate \(Self.short(step.learningRate))",
            "loss \(String(format: "%.4f", step.loss))",
            "error \(String(format: "%.1f", 100 * step.error)) %",
        ]
        if let tested { parts.append("test \(String(format: "%.2f", 100 * tested.error)) %") }
        parts.append(timeLeft(at: iteration, of: total))
        let text = parts.joined(separator: TerminalSurroundings.showsUnicode ? " · " : ", ")
        if let columns {
            StandardStream.note("\r\u{1B}[2K\(text.prefix(max(0, columns - 1)))")
        } else {
            StandardStream.note(text + "\n")
        }
    }

    /// Wipes the line.
    func finish() {
        if columns != nil, !isQuiet, last != .distantPast { StandardStream.note("\r\u{1B}[2K") }
    }

    /// At the pace of this process so far.
    private func timeLeft(at iteration: Int, of total: Int) -> String {
        let done = iteration - firstIteration
        guard done > 0 else { return "" }
        let seconds = Date().timeIntervalSince(start) / Double(done) * Double(total - iteration)
        return "\(Quantity.duration(seconds.rounded(.up))) left"
    }

    private static func short(_ value: Double) -> String { String(format: "%g", value) }
}
