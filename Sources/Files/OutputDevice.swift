#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What is written to and never replaced: standard output and standard error, pipes, devices.
public enum OutputDevice {
    case standardOutput, standardError
    /// Opened for each text.
    case device(String)

    /// Whether what is at a path, or what a link there leads to, is neither a file nor a folder.
    public static func exists(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
    }

    public func write(_ text: String) throws(SystemFailure) {
        switch self {
        case .standardOutput: try Self.write(text, to: STDOUT_FILENO)
        case .standardError: try Self.write(text, to: STDERR_FILENO)
        case .device(let path):
            let descriptor = try Descriptor.opened(path, O_WRONLY)
            defer { close(descriptor) }
            try Self.write(text, to: descriptor)
        }
    }

    private static func write(_ text: String, to descriptor: Int32) throws(SystemFailure) {
        var failure: SystemFailure?
        text.withBytes { bytes in
            do throws(SystemFailure) { try Descriptor.writeAll(bytes, to: descriptor) } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }
}
