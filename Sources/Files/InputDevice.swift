#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What is read through a pipe, from a terminal or another device: it has no length beforehand, and comes once. Errors are
/// in the words of whoever reads.
public enum InputDevice<Failure: InputFileFailure> {
    public static func isOne(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && [S_IFIFO, S_IFCHR].contains(status.st_mode & S_IFMT)
    }

    /// All bytes until the stream ends.
    ///
    /// - Throws: also for a stream that is longer than `limit`, and for a pipe that nobody writes to: waiting for somebody
    ///   might be for ever.
    public static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        let descriptor: Int32
        do throws(SystemFailure) {
            descriptor = try Descriptor.opened(path, O_RDONLY | O_NONBLOCK)
        } catch { throw .unreadable(path, reason: error.reason) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= limit {
            let count = part.withUnsafeMutableBytes { buffer in
                #if canImport(Darwin)
                    Darwin.read(descriptor, buffer.baseAddress, buffer.count)
                #elseif canImport(Musl)
                    Musl.read(descriptor, buffer.baseAddress, buffer.count)
                #else
                    Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                #endif
            }
            if count > 0 {
                bytes += part[..<count]
            } else if count == 0 {
                guard !bytes.isEmpty || !isPipe(descriptor) else {
                    throw .unreadable(path, reason: "nothing comes through this pipe")
                }
                return bytes
            } else if errno == EAGAIN {
                var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                poll(&ready, 1, -1)
            } else if errno != EINTR {
                throw .unreadable(path, reason: SystemFailure.last.reason)
            }
        }
        throw .unreadable(path, reason: "it gives more than the \(limit) bytes that are read here")
    }

    private static func isPipe(_ descriptor: Int32) -> Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
    }
}
