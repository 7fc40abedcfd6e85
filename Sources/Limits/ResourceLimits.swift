#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The resource limits of this process (`ulimit`) as far as they bind what is done here; `nil` for unlimited.
public struct ResourceLimits: Sendable, Equatable {
    /// RLIMIT_AS, in bytes.
    public var addressSpace: Int?
    /// RLIMIT_DATA, in bytes.
    public var data: Int?
    /// RLIMIT_NPROC: processes and threads of the user. It does not bind a privileged one.
    public var processes: Int?
    /// RLIMIT_NOFILE.
    public var openFiles: Int?
    /// RLIMIT_FSIZE, in bytes.
    public var fileSize: Int?
    /// RLIMIT_STACK, in bytes: the stack of every thread, unless told otherwise.
    public var stack: Int?

    public init() {}

    /// Those that hold now.
    public static var current: ResourceLimits {
        var limits = ResourceLimits()
        limits.addressSpace = soft(RLIMIT_AS)
        limits.data = soft(RLIMIT_DATA)
        limits.processes = soft(RLIMIT_NPROC)
        limits.openFiles = soft(RLIMIT_NOFILE)
        limits.fileSize = soft(RLIMIT_FSIZE)
        limits.stack = soft(RLIMIT_STACK)
        return limits
    }

    #if canImport(Glibc)
        private typealias Resource = __rlimit_resource
    #else
        private typealias Resource = Int32
    #endif

    private static func soft(_ resource: Resource) -> Int? {
        var limit = rlimit()
        #if canImport(Glibc)
            let status = getrlimit(__rlimit_resource_t(resource.rawValue), &limit)
        #else
            let status = getrlimit(resource, &limit)
        #endif
        // Unlimited is the greatest number that there is.
        return status == 0 ? Int(exactly: limit.rlim_cur) : nil
    }
}
