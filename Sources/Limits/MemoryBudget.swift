import Foundation

/// Memory that jobs side by side share: one begins only when its predicted peak fits beside those that run.
public final class MemoryBudget: @unchecked Sendable {
    // Guarded by `condition`.
    private var free: Int
    private var running = 0
    private let condition = NSCondition()

    /// - Parameter bytes: what all may take together.
    public init(bytes: Int) { free = bytes }

    /// Nine tenths of what the process can still take beside the stacks of so many threads that will be made.
    public convenience init(beside threads: Int) {
        self.init(bytes: (ProcessLimits.current.memory(beside: threads)?.bytes ?? .max) / 10 * 9)
    }

    /// Waits until so much is free, or nothing else runs: one that will not fit alone is refused by its own
    /// prediction.
    public func take(_ bytes: Int) {
        condition.lock()
        defer { condition.unlock() }
        while bytes > free, running > 0 { condition.wait() }
        free -= bytes
        running += 1
    }

    public func giveBack(_ bytes: Int) {
        condition.lock()
        defer { condition.unlock() }
        free += bytes
        running -= 1
        condition.broadcast()
    }
}
