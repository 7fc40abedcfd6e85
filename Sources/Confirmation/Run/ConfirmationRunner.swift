import Dispatch
import Synchronization

/// Trains the cells that are not finished yet, several at a time, and keeps each at once. One that was begun goes on
/// from its last checkpoint.
public struct ConfirmationRunner: Sendable {
    public let store: ConfirmationStore
    /// Cells that run at the same time.
    public let jobs: Int
    /// Told of every finished cell, from any thread.
    public let report: @Sendable (ConfirmationPlan.Cell, ConfirmationCell) -> Void

    public init(
        store: ConfirmationStore, jobs: Int,
        report: @escaping @Sendable (ConfirmationPlan.Cell, ConfirmationCell) -> Void
    ) {
        self.store = store
        self.jobs = jobs
        self.report = report
    }

    private struct State {
        var waiting: ArraySlice<ConfirmationPlan.Cell>
        var failure: (any Error)?
    }

    /// The cells of a plan that are not in the store.
    public func missing(of plan: ConfirmationPlan) throws -> [ConfirmationPlan.Cell] {
        try plan.cells.filter { try store.cell($0) == nil }
    }

    /// - Returns: all cells of the plan.
    /// - Throws: what the first cell threw that could not be trained: nothing more is begun.
    public func run(_ plan: ConfirmationPlan) throws -> [ConfirmationCell] {
        let missing = try missing(of: plan)
        let state = Mutex(State(waiting: missing[...]))
        DispatchQueue.concurrentPerform(iterations: min(jobs, max(1, missing.count))) { _ in
            while let cell = state.withLock({ $0.failure == nil ? $0.waiting.popFirst() : nil }) {
                do {
                    let result = try CellTraining(
                        row: cell.row, seed: cell.seed, scale: plan.scale, data: plan.data,
                        checkpoints: store.checkpoints(of: cell)
                    ).run()
                    try store.write(result, of: cell)
                    report(cell, result)
                } catch {
                    state.withLock { $0.failure = $0.failure ?? error }
                }
            }
        }
        if let failure = state.withLock({ $0.failure }) { throw failure }
        return try plan.cells.compactMap { try store.cell($0) }
    }
}

extension ConfirmationPlan {
    /// What the store of this plan is told that it holds.
    ///
    /// - Parameter version: of the program, whose results may differ from another's.
    public func configuration(version: String) throws -> [String: String] {
        try configuration().merging(["propagate": version]) { $1 }
    }
}
