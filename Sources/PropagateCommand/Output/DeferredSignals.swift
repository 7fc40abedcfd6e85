import Foundation
import Synchronization

/// Puts off Ctrl-C and its kin while results are put in place: an interrupted run leaves all of a result or
/// nothing of it. Before and after, they end the process at once, as ever.
enum DeferredSignals {
    /// The last signal that came meanwhile; 0 for none.
    private static let pending = Atomic<Int32>(0)
    private static let kinds = [SIGINT, SIGTERM, SIGHUP]

    static func during<Result>(_ body: () throws -> Result) rethrows -> Result {
        pending.store(0, ordering: .relaxed)
        let earlier = kinds.map { kind in
            signal(kind) { DeferredSignals.pending.store($0, ordering: .relaxed) }
        }
        defer {
            for (kind, handler) in zip(kinds, earlier) { signal(kind, handler) }
            let came = pending.load(ordering: .relaxed)
            if came != 0 { raise(came) }
        }
        return try body()
    }
}
