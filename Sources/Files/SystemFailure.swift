import Limits

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Why a call of the system failed, as its number tells.
public struct SystemFailure: Error, Equatable, Sendable {
    /// `errno`.
    public let code: Int32

    public init(_ code: Int32) { self.code = code }

    /// Of the last call in this thread.
    public static var last: SystemFailure { SystemFailure(errno) }

    /// The system's words, such as “No space left on device”, with the figure of a limit that was met.
    public var reason: String { ProcessLimits.reason(code) }
}
