import Foundation
import Reporting
import Training

/// How far a training run is, on standard error.
struct TrainingProgressLine {
    private let isQuiet: Bool
    private let start = Date()
    private var line = RenewedLine(last: .distantPast)
    /// Where this process began.
    private let firstIteration: Int

    init(isQuiet: Bool, from iteration: Int) {
        self.isQuiet = isQuiet
        firstIteration = iteration
    }

    mutating func show(iteration: Int, of total: Int, _ step: TrainingProgress, tested: Evaluation?) {
        guard !isQuiet, line.isDue || iteration == total else { return }
        var parts = [
            "\(iteration)/\(total)", "rate \(Self.short(step.learningRate))",
            "loss \(String(format: "%.4f", step.loss))",
            "error \(String(format: "%.1f", 100 * step.error)) %",
        ]
        if let tested { parts.append("test \(String(format: "%.2f", 100 * tested.error)) %") }
        parts.append(timeLeft(at: iteration, of: total))
        line.show(parts)
    }

    /// Wipes the line.
    mutating func finish() { line.wipe() }

    /// At the pace of this process so far.
    private func timeLeft(at iteration: Int, of total: Int) -> String {
        let done = iteration - firstIteration
        guard done > 0 else { return "" }
        let seconds = Date().timeIntervalSince(start) / Double(done) * Double(total - iteration)
        return "\(Quantity.duration(seconds.rounded(.up))) left"
    }

    private static func short(_ value: Double) -> String { String(format: "%g", value) }
}
