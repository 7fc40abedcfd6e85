import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file that grows while others read it, by records that are written whole or not at all.
public final class GrowingFile<Failure: OutputFileFailure>: Sendable {
    public let path: String
    private let descriptor: Int32
    /// Bytes of whole records; what was written of a record that failed is cut off again.
    private let length: Mutex<Int>

    /// Makes a new file.
    ///
    /// - Returns: `nil` where one of that name is there.
    public convenience init?(creating path: String) throws(Failure) {
        let descriptor: Int32
        do throws(SystemFailure) {
            // O_APPEND: after a record is cut off, the next one goes where it began.
            descriptor = try Descriptor.opened(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND, mode: 0o644)
        } catch {
            if error.code == EEXIST { return nil }
            throw .unwritable(path, reason: error.reason)
        }
        self.init(path: path, descriptor: descriptor, length: 0)
    }

    /// Takes over an open descriptor, which appends.
    init(path: String, descriptor: Int32, length: Int) {
        self.path = path
        self.descriptor = descriptor
        self.length = Mutex(length)
    }

    deinit { close(descriptor) }

    /// Writes a record at the end, by one call of the system unless that takes only a part.
    ///
    /// - Throws: `unwritable`, with the file as it was before.
    public func append(_ record: some WritableBytes) throws(Failure) {
        var failure: SystemFailure?
        record.withBytes { bytes in
            failure = length.withLock { length in
                do throws(SystemFailure) {
                    try Descriptor.writeAll(bytes, to: descriptor)
                    length += bytes.count
                    return nil
                } catch {
                    ftruncate(descriptor, off_t(length))
                    return error
                }
            }
        }
        if let failure { throw .unwritable(path, reason: failure.reason) }
    }
}
