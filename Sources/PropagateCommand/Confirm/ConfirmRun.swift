import Confirmation
import Foundation
import Synchronization

/// Trains what is missing of a confirmation, telling the person who watches.
struct ConfirmRun {
    /// The folder that keeps finished runs; what a search trains is kept in a folder within.
    let store: String
    let jobs: Int
    let isQuiet: Bool

    /// - Parameter images: with a held-out part to search gate biases on; `nil` for no search.
    func result(of plan: ConfirmationPlan, heldOut images: ConfirmationImages?) throws -> ConfirmationResult {
        let watch = InterruptionNote(
            sentence: "stopped: what is done is in \(store); start again to go on.")
        defer { watch.end() }
        var plan = plan
        var searches: [GateBiasSearch] = []
        // Opened first, so that a folder of another configuration is refused before anything is trained.
        let kept = try ConfirmationStore(
            path: store, configuration: try plan.configuration(version: ToolVersion.current))
        if let images,
            let search = GateBiasSearch.plan(for: plan, heldOut: images.data(for: plan.scale.recipe))
        {
            let cells = try train(
                search,
                in: ConfirmationStore(
                    path: "\(store)/\(ConfirmationStore.searchName)",
                    configuration: try search.configuration(version: ToolVersion.current)))
            searches = GateBiasSearch.outcomes(of: search, cells)
            plan = plan.adding(searches)
        }
        return ConfirmationResult(plan, cells: try train(plan, in: kept), searches: searches)
    }

    private func train(_ plan: ConfirmationPlan, in store: ConfirmationStore) throws -> [ConfirmationCell] {
        let done = Mutex(0)
        let all = plan.cells.count
        let runner = ConfirmationRunner(store: store, jobs: jobs) { _, _ in }
        let missing = try runner.missing(of: plan).count
        if missing < all {
            tell("\(all - missing) of \(all) runs are in \(store.path); \(missing) to train.")
        }
        let telling = ConfirmationRunner(store: store, jobs: jobs) { cell, result in
            let count = done.withLock { done in
                done += 1
                return done
            }
            tell("[\(count)/\(missing)] \(cell.name): \(outcome(result))")
        }
        return try telling.run(plan)
    }

    private func outcome(_ cell: ConfirmationCell) -> String {
        let seconds = String(format: "%.1f s", cell.seconds)
        guard let error = cell.testError else { return "the loss stopped being finite, \(seconds)" }
        return String(format: "test error %.2f %%, ", 100 * error) + seconds
    }

    private func tell(_ line: String) {
        if !isQuiet { StandardStream.note(line + "\n") }
    }
}
