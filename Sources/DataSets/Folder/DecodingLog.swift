import Synchronization

/// What was met while a folder's files were decoded, for the report: any thread decodes, and any number of times.
final class DecodingLog: Sendable {
    private struct Met: Sendable {
        var turned: Set<String> = []
        var withStrayBytes: Set<String> = []
        var undecodable: Set<String> = []
    }

    private let met = Mutex(Met())

    /// Notes what was met in an image.
    func note(_ decoded: ImageFile.Decoded, of path: String) {
        guard decoded.orientation != .upright || decoded.hasStrayBytes else { return }
        met.withLock { met in
            if decoded.orientation != .upright { met.turned.insert(path) }
            if decoded.hasStrayBytes { met.withStrayBytes.insert(path) }
        }
    }

    /// Notes a file that was left out.
    func noteUndecodable(_ path: String) { met.withLock { _ = $0.undecodable.insert(path) } }

    /// Images that were stored turned.
    var turned: Int { met.withLock { $0.turned.count } }
    /// In order.
    var withStrayBytes: [String] { met.withLock { $0.withStrayBytes.sorted() } }
    /// In order.
    var undecodable: [String] { met.withLock { $0.undecodable.sorted() } }
}
