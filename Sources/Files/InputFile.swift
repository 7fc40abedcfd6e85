#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file open for reading at any position; closed with its owner. Errors are in the words of whoever reads.
///
/// The system's calls instead of Foundation's: they read exactly the bytes wanted
/// into memory that is already there, and their errors keep the reason.
public struct InputFile<Failure: InputFileFailure>: ~Copyable, Sendable {
    public let path: String
    /// Bytes, when the file was opened.
    public let size: Int
    private let descriptor: Int32

    /// Opens a regular file.
    public init(_ path: String) throws(Failure) {
        self.path = path
        (descriptor, size) = try Self.opened(path)
    }

    /// Opens a regular file, which the caller closes.
    static func opened(_ path: String) throws(Failure) -> (descriptor: Int32, size: Int) {
        // Without waiting: the other end of a pipe may never come.
        let descriptor: Int32
        do throws(SystemFailure) {
            descriptor = try Descriptor.opened(path, O_RDONLY | O_NONBLOCK)
        } catch {
            if error.code == ENOENT || error.code == ENOTDIR { throw .fileMissing(path) }
            throw .unreadable(path, reason: error.reason)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .unreadable(path, reason: "it is not a regular file")
        }
        return (descriptor, Int(status.st_size))
    }

    deinit { close(descriptor) }

    /// Fills `buffer` with the bytes from `offset` on.
    public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(Failure) {
        var done = 0
        while done < buffer.count {
            let count = pread(
                descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done, off_t(offset + done))
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .unreadable(path, reason: SystemFailure.last.reason) }
            guard count > 0 else { throw .unreadable(path, reason: "it ends at byte \(offset + done)") }
            done += count
        }
    }

    /// The `count` bytes from `offset` on.
    public func bytes(_ count: Int, at offset: Int) throws(Failure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var failure: Failure?
        bytes.withUnsafeMutableBytes { buffer in
            do throws(Failure) { try read(into: buffer, at: offset) } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }
}
