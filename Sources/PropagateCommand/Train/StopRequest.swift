import Foundation
import Synchronization

/// Ctrl-C and its kin, heard but not obeyed at once: a training run writes a checkpoint first. The second one ends the
/// process as ever.
enum StopRequest {
    /// The first signal that came; 0 for none.
    private static let received = Atomic<Int32>(0)
    private static let kinds = [SIGINT, SIGTERM, SIGHUP]
    /// Only what is safe in a signal handler: bytes and a system call.
    private static let note: StaticString =
        "\npropagate: stopping after this iteration; once more to stop without a checkpoint.\n"

    /// The signal that asked to stop, if one did.
    static var signal: Int32? {
        let number = received.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    static func listening<Result>(_ body: () throws -> Result) rethrows -> Result {
        received.store(0, ordering: .relaxed)
        let kinds = kinds.filter { !SignalDisposition.isIgnored($0) }
        let earlier = kinds.map { kind in
            Foundation.signal(kind) { number in
                let (isFirst, _) = StopRequest.received.compareExchange(
                    expected: 0, desired: number, ordering: .relaxed)
                if isFirst {
                    _ = write(STDERR_FILENO, StopRequest.note.utf8Start, StopRequest.note.utf8CodeUnitCount)
                } else {
                    Foundation.signal(number, SIG_DFL)
                    raise(number)
                }
            }
        }
        defer { for (kind, handler) in zip(kinds, earlier) { Foundation.signal(kind, handler) } }
        return try body()
    }
}
