import Foundation

/// Memory that jobs side by side share: one begins only when its predicted peak fits beside those that run.
public final class MemoryBudget: @unchecked Sendable {
    // Guarded by `condition`.
    private var free: Int
    private var running = 0
    private let condition = NSCondition()

    /// - Parameter bytes: what all may take together.
    public init(bytes: Int) { free = bytes }

    /// Nine tenths of what the process can still take.
    ///
    /// - Parameters: as of `ProcessLimits.memory`.
    public convenience init(threads: Int, reserving reserved: Int = 0) {
        let allowance = ProcessLimits.current.memory(threads: threads, reserving: reserved)
        self.init(bytes: (allowance?.bytes ?? .max) / 10 * 9)
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
