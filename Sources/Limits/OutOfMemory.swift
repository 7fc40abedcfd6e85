import Foundation
import Synchronization

/// The end of a process that the system refuses memory for what cannot go on without.
///
/// Such memory is asked for deep in arithmetic, where nothing can be undone. What will not fit is refused beforehand,
/// by its prediction; this is for what takes more than was predicted, or meets a limit that others use up.
public enum OutOfMemory {
    private static let ending = Mutex<(@Sendable (String) -> Void)?>(nil)

    /// Kept for the sentence, which takes memory too.
    nonisolated(unsafe) private static let reserve = mmap(
        nil, reserveSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    private static let reserveSize = 2 << 20
    private static let isEnding = Atomic(false)

    /// Has the process ended by `ending`, given a sentence, which must not return; by a trap otherwise.
    public static func adopt(_ ending: @escaping @Sendable (String) -> Void) {
        _ = reserve
        self.ending.withLock { $0 = ending }
    }

    /// - Parameter bytes: that were asked for in vain.
    public static func end(bytes: Int) -> Never {
        // Threads may run out together: the first one ends the process.
        while isEnding.exchange(true, ordering: .acquiring) { pause() }
        if let reserve, reserve != MAP_FAILED { munmap(reserve, reserveSize) }
        let allowance = ProcessLimits.current.memory().map { ": \($0.clause)" } ?? ""
        let sentence = "The system refuses \(ByteCount.words(bytes)) of memory\(allowance)."
        ending.withLock(\.self)?(sentence)
        fatalError(sentence)
    }
}
