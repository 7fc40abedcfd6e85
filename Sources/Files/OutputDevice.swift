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
