import Foundation

/// Memory that the cells of a sweep share: a cell begins only when its predicted peak fits beside those that run.
final class MemoryBudget: @unchecked Sendable {
    // Guarded by `condition`.
    private var free: Int
    private var running = 0
    private let condition = NSCondition()

    /// - Parameter bytes: what all cells may take together.
    init(bytes: Int) { free = bytes }

    /// Waits until so much is free, or nothing else runs: a cell that will not fit alone is refused by its own
    /// prediction.
    func take(_ bytes: Int) {
        condition.lock()
        defer { condition.unlock() }
        while bytes > free, running > 0 { condition.wait() }
        free -= bytes
        running += 1
    }

    func giveBack(_ bytes: Int) {
        condition.lock()
        defer { condition.unlock() }
        free += bytes
        running -= 1
        condition.broadcast()
    }
}
