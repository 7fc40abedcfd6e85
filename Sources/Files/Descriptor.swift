#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What is done with open descriptors. All that the program writes, to files, pipes and terminals, goes through
/// `writeAll`.
enum Descriptor {
    /// Opens a path; interrupted calls are repeated.
    static func opened(
        _ path: String, _ flags: Int32, mode: mode_t = 0o666
    ) throws(SystemFailure) -> Int32 {
        while true {
            let descriptor = open(path, flags | O_CLOEXEC, mode)
            if descriptor >= 0 { return descriptor }
            guard errno == EINTR else { throw .last }
        }
    }

    /// Writes all bytes, in as many calls as the system needs: it may take a part, or be interrupted before it takes any.
    static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws(SystemFailure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest)
            let count = write(descriptor, part.baseAddress, part.count)
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count == 0 {
                // No progress and no reason: as where a disk is full.
                throw SystemFailure(ENOSPC)
            } else if errno == EAGAIN {
                // A pipe that somebody made non-blocking.
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&ready, 1, -1)
            } else if errno != EINTR {
                throw .last
            }
        }
    }

    /// Brings what was written to the disk. Where there is nothing to bring, as to a pipe or on some file systems for
    /// a folder, nothing is done.
    static func synchronize(_ descriptor: Int32) throws(SystemFailure) {
        while fsync(descriptor) != 0 {
            if errno == EINVAL || errno == EROFS { return }
            guard errno == EINTR else { throw .last }
        }
    }

    enum Lock {
        /// Ours until the descriptor is closed, however the process ends.
        case taken
        /// Another process has it.
        case held
        /// The file system has no locks, as some of clusters.
        case unsupported
    }

    /// Locks a file or folder against other processes (`flock`).
    static func lock(_ descriptor: Int32) throws(SystemFailure) -> Lock {
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            switch errno {
            case EWOULDBLOCK: return .held
            case ENOSYS, EOPNOTSUPP, ENOLCK: return .unsupported
            case EINTR: continue
            default: throw .last
            }
        }
        return .taken
    }
}
