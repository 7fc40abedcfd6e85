import Foundation

/// Open files, as far as the process may have more.
public enum OpenFiles {
    /// - Parameter count: files that will be opened at one time beside those that are.
    /// - Throws: `OpenFileShortage`.
    public static func require(_ count: Int) throws(OpenFileShortage) {
        var open: [Int32] = []
        defer { for descriptor in open { close(descriptor) } }
        while open.count < count {
            let descriptor = Foundation.open("/dev/null", O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                // Another reason than a shortage is met again where it matters.
                guard errno == EMFILE else { return }
                throw OpenFileShortage(
                    wanted: count, possible: open.count, reason: ProcessLimits.reason(EMFILE))
            }
            open.append(descriptor)
        }
    }
}

/// Fewer files can be opened than are needed.
public struct OpenFileShortage: Error, Equatable, CustomStringConvertible {
    public let wanted: Int
    public let possible: Int
    /// The system's, with the limit.
    let reason: String

    public var description: String {
        "\(wanted) more files have to be opened at one time, and \(possible) can be. \(reason)."
    }
}
