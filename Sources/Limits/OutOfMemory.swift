import Foundation
import Synchronization

/// The end of a process that the system refuses memory for what cannot go on without.
///
/// Such memory is asked for deep in arithmetic, where nothing can be undone. What will not fit is refused beforehand,
/// by its prediction; this is for what takes more than was predicted, or meets a limit that others use up.
public enum OutOfMemory {
    private static let ending = Mutex<(@Sendable (String) -> Void)?>(nil)

    /// Has the process ended by `ending`, given a sentence, which must not return; by a trap otherwise.
    public static func adopt(_ ending: @escaping @Sendable (String) -> Void) {
        self.ending.withLock { $0 = ending }
    }

    /// - Parameter bytes: that were asked for in vain.
    public static func end(bytes: Int) -> Never {
        let allowance = ProcessLimits.current.memory().map { ": \($0.clause)" } ?? ""
        let sentence = "The system refuses \(ByteCount.words(bytes)) of memory\(allowance)."
        ending.withLock(\.self)?(sentence)
        fatalError(sentence)
    }
}
