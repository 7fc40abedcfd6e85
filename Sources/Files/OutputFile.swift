#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file in the making: written beside its place under a temporary name, and moved
/// there by `publish`. Without that call its owner's end removes it, so that no
/// reader ever sees half a file.
public final class OutputFile<Failure: OutputFileFailure> {
    private let path: String
    private let temporaryPath: String
    private let descriptor: Int32
    private var isPublished = false
    /// Bytes written.
    public private(set) var offset = 0

    public init(_ path: String) throws(Failure) {
        self.path = path
        temporaryPath = path + ".\(getpid()).partial"
        descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw Self.failure(path) }
    }

    deinit {
        guard descriptor >= 0 else { return }
        close(descriptor)
        if !isPublished { unlink(temporaryPath) }
    }

    public func append(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
        var done = 0
        while done < bytes.count {
            let count = write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw Self.failure(path) }
            done += count
        }
        offset += done
    }

    /// Moves the complete file to its place, over one that may be there. Its bytes are on the disk by then, so that
    /// no crash of the machine leaves an empty file under the name, and a disk that is full has said so.
    public func publish() throws(Failure) {
        guard fsync(descriptor) == 0 else { throw Self.failure(path) }
        guard rename(temporaryPath, path) == 0 else { throw Self.failure(path) }
        isPublished = true
    }

    private static func failure(_ path: String) -> Failure {
        .unwritable(path, reason: String(cString: strerror(errno)))
    }
}
