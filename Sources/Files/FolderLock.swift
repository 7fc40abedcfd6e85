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
        do throws(SystemFailure) {
            // A link is refused: somebody else's folder may lock, and make, a file that is none of its own.
            descriptor = try Descriptor.opened(file, O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o644)
        } catch {
            let reason = error.code == ELOOP ? "it is a link, and is not followed" : error.reason
            throw .unwritable(file, reason: reason)
        }
        do throws(SystemFailure) {
            // Without locks it is up to the user that one process works in a folder.
            if try Descriptor.lock(descriptor) == .held { return nil }
        } catch {
            throw .unwritable(file, reason: error.reason)
        }
    }

    deinit { close(descriptor) }
}
