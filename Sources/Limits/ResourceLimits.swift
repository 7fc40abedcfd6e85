import CLimits

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
        limits.addressSpace = soft(cl_address_space)
        limits.data = soft(cl_data)
        limits.processes = soft(cl_processes)
        limits.openFiles = soft(cl_open_files)
        limits.fileSize = soft(cl_file_size)
        limits.stack = soft(cl_stack)
        return limits
    }

    private static func soft(_ resource: cl_resource) -> Int? {
        let limit = cl_limit(resource)
        return limit < 0 ? nil : Int(limit)
    }
}
