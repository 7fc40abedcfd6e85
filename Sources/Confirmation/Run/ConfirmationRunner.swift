import Graphs
import Limits
import ResidualNetworks
import Synchronization
import Training

/// Trains the cells that are not finished yet, several at a time, and keeps each at once. One that was begun goes on
/// from its last checkpoint.
public struct ConfirmationRunner: Sendable {
    public let store: ConfirmationStore
    /// Cells that run at the same time.
    public let jobs: Int
    /// Told of what happens, from any thread.
    public let observe: @Sendable (ConfirmationPlan.Cell, Event) -> Void

    /// What happens to a cell.
    public enum Event: Sendable {
        /// Training begins at this iteration: 0, or that of a checkpoint.
        case began(iteration: Int)
        case reached(CurvePoint)
        case finished(ConfirmationCell)
    }

    public init(
        store: ConfirmationStore, jobs: Int,
        observe: @escaping @Sendable (ConfirmationPlan.Cell, Event) -> Void = { _, _ in }
    ) {
        self.store = store
        self.jobs = jobs
        self.observe = observe
    }

    private struct State {
        /// With the bytes that each will take.
        var waiting: ArraySlice<(cell: ConfirmationPlan.Cell, memory: TrainingMemory)>
        var failure: (any Error)?
    }

    /// The cells of a plan that are not in the store.
    public func missing(of plan: ConfirmationPlan) throws -> [ConfirmationPlan.Cell] {
        try plan.cells.filter { try store.cell($0) == nil }
    }

    /// - Returns: all cells of the plan.
    /// - Throws: `TrainingError.doesNotFit` before anything is trained; what the first cell threw that could not be
    ///   trained: nothing more is begun.
    public func run(_ plan: ConfirmationPlan) throws -> [ConfirmationCell] {
        if try !missing(of: plan).isEmpty { try trainMissing(of: plan) }
        return try plan.cells.compactMap { try store.cell($0) }
    }

    private func trainMissing(of plan: ConfirmationPlan) throws {
        let lock = try store.lock()
        defer { withExtendedLifetime(lock) {} }
        // Another process may have finished some before the lock was ours.
        let missing = try missing(of: plan)
        let memory = try missing.map { try plan.memory(of: $0) }
        try memory.max { $0.total < $1.total }?.requireToFit()
        let state = Mutex(State(waiting: zip(missing, memory).map { (cell: $0, memory: $1) }[...]))
        let budget = MemoryBudget(threads: jobs)
        Threads.run(min(jobs, max(1, missing.count))) {
            while let (cell, memory) = state.withLock({ $0.failure == nil ? $0.waiting.popFirst() : nil }) {
                budget.take(memory.total)
                defer { budget.giveBack(memory.total) }
                do {
                    try train(cell, of: plan, memory.checkpointing)
                } catch {
                    state.withLock { $0.failure = $0.failure ?? error }
                }
            }
        }
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    private func train(
        _ cell: ConfirmationPlan.Cell, of plan: ConfirmationPlan, _ checkpointing: Checkpointing
    ) throws {
        let result = try CellTraining(
            row: cell.row, seed: cell.seed, scale: plan.scale, data: plan.data,
            checkpoints: store.checkpoints(of: cell), checkpointing: checkpointing
        ).run { observe(cell, $0) }
        try store.write(result, of: cell)
        observe(cell, .finished(result))
    }
}

extension ConfirmationPlan {
    /// What the store of this plan is told that it holds.
    ///
    /// - Parameter version: of the program, whose results may differ from another's.
    public func configuration(version: String) throws -> [String: String] {
        try configuration().merging(["propagate": version]) { $1 }
    }

    /// What training a cell takes, in multiply-adds of forward passes; the test images are left out.
    public func work(of cell: Cell) throws -> Double {
        let design = try cell.row.design(input: data.shape, classes: data.classes, baseWidth: scale.baseWidth)
        let once = try design.model(batch: data.shape.batch, mode: .inference).model.multiplyAdds.forward
        return Double(once) * Double(scale.recipe.batch * scale.recipe.iterations)
    }

    /// Peak memory of training a cell, predicted.
    public func memory(of cell: Cell) throws -> TrainingMemory {
        try TrainingMemory(
            cell.row.design(input: data.shape, classes: data.classes, baseWidth: scale.baseWidth),
            batch: scale.recipe.batch, replicas: scale.recipe.optimization.replicas, in: Float.self)
    }
}
