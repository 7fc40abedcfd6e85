import Synchronization

/// What was met while a folder's files were decoded, for the report: any thread decodes, and any number of times.
final class DecodingLog: Sendable {
    private struct Met: Sendable {
        var turned: Set<String> = []
        var undecodable: Set<String> = []
    }

    private let met = Mutex(Met())

    /// Notes an image that was stored turned.
    func noteTurned(_ path: String) { met.withLock { _ = $0.turned.insert(path) } }
    /// Notes a file that was left out.
    func noteUndecodable(_ path: String) { met.withLock { _ = $0.undecodable.insert(path) } }

    var turned: Int { met.withLock { $0.turned.count } }
    /// In order.
    var undecodable: [String] { met.withLock { $0.undecodable.sorted() } }
}
