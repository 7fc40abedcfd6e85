import Confirmation
import Foundation
import Reporting
import Synchronization

/// How far a confirmation is, on standard error: a line for every finished run, and between them one that renews itself
/// on a terminal, elsewhere one now and then.
final class ConfirmationProgress: Sendable {
    private struct State {
        var finished = 0
        /// What is to be done in this process, and what of it is done.
        var work: Double
        var done = 0.0
        /// By the name of a run in hand: the iteration it was last heard of at.
        var iterations: [String: Int] = [:]
        var line = RenewedLine(last: Date())
    }

    private let works: [String: Double]
    private let iterations: Int
    private let isQuiet: Bool
    private let start = Date()
    private let state: Mutex<State>

    /// - Parameters:
    ///   - works: of every run that is to be trained, by its name, in any unit.
    ///   - iterations: of each.
    init(works: [String: Double], iterations: Int, isQuiet: Bool) {
        self.works = works
        self.iterations = max(1, iterations)
        self.isQuiet = isQuiet
        state = Mutex(State(work: works.values.reduce(0, +)))
    }

    func note(_ event: ConfirmationRunner.Event, of cell: ConfirmationPlan.Cell) {
        guard !isQuiet else { return }
        let work = works[cell.name] ?? 0
        state.withLock { state in
            switch event {
            case .began(let iteration):
                state.iterations[cell.name] = iteration
                state.work -= work * share(iteration)
            case .reached(let point):
                state.done += work * share(point.iteration - (state.iterations[cell.name] ?? 0))
                state.iterations[cell.name] = point.iteration
                show(point, of: cell, &state)
            case .finished(let result):
                // A run that broke off leaves the rest of its work undone.
                state.work -= work * share(iterations - (state.iterations[cell.name] ?? 0))
                state.iterations[cell.name] = nil
                state.finished += 1
                state.line.wipe()
                let count = "[\(state.finished)/\(works.count)]"
                StandardStream.tell("\(count) \(cell.name): \(Self.outcome(result))")
            }
        }
    }

    /// Wipes the line.
    func finish() { state.withLock { $0.line.wipe() } }

    private func share(_ iterations: Int) -> Double { Double(iterations) / Double(self.iterations) }

    private func show(_ point: CurvePoint, of cell: ConfirmationPlan.Cell, _ state: inout State) {
        guard state.line.isDue else { return }
        // Not a number where nothing is done yet, which is worded as an unknown time.
        let seconds = Date().timeIntervalSince(start) * max(0, state.work - state.done) / state.done
        state.line.show([
            "\(state.finished)/\(works.count) runs", "\(cell.name): \(point.iteration)/\(iterations)",
            String(format: "loss %.4f", point.trainingLoss),
            String(format: "test %.2f %%", 100 * point.testError),
            "\(Quantity.duration(seconds.rounded(.up))) left",
        ])
    }

    private static func outcome(_ cell: ConfirmationCell) -> String {
        let seconds = String(format: "%.1f s", cell.seconds)
        switch (cell.ending, cell.testError) {
        case (.notFinite, _): return "the loss stopped being finite, \(seconds)"
        case (.exploded(let explosion), _):
            return String(format: "the loss exploded to %.3g, ", explosion.loss) + seconds
        case (.finished, nil): return "the outputs on test images are not finite, \(seconds)"
        case (.finished, let error?): return String(format: "test error %.2f %%, ", 100 * error) + seconds
        }
    }
}
