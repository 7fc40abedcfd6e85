#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Keeps other processes out of a folder, as long as it lives: by an advisory lock (`flock`) on a file `.lock` in it,
/// which the system lets go of when the process ends, however it ends.
public final class FolderLock<Failure: OutputFileFailure>: Sendable {
    private let descriptor: Int32

    private static var name: String { ".lock" }

    /// - Returns: `nil` where someone else has locked it.
    /// - Throws: `unwritable` where the folder takes no file.
    public init?(_ folder: String) throws(Failure) {
        let file = "\(folder)/\(Self.name)"
        descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .unwritable(file, reason: String(cString: strerror(errno))) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }
}
