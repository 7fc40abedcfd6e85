import Foundation

/// What this process may take of the machine, which may be less than the machine has: resource limits, control groups,
/// processor affinity. The one place that asks.
public struct ProcessLimits: Sendable {
    /// The folder that `/proc` and the control groups are below.
    private let root: String
    private let resources: ResourceLimits
    private let affinity: Int

    /// - Parameters:
    ///   - root: where `/proc` and the control groups are found; another than `/` for tests.
    ///   - affinity: processors that the process may run on.
    init(root: String, resources: ResourceLimits, affinity: Int) {
        self.root = root
        self.resources = resources
        self.affinity = affinity
    }

    /// Those that hold now.
    public static var current: ProcessLimits {
        ProcessLimits(root: "/", resources: .current, affinity: ProcessorAffinity.count)
    }

    /// Processors that the process has the use of: those that it may run on, or as many as its control groups give it
    /// time for, rounded up.
    public var processors: Int {
        let time = ControlGroup(root: root).processors.map { Int(exactly: $0.rounded(.up)) ?? .max }
        return max(1, min(affinity, time ?? .max))
    }

    /// How much more memory the process can take; `nil` where nothing is told.
    ///
    /// - Parameters:
    ///   - threads: that there will be. The stacks of those that there are not yet take of the address space, touched or
    ///     not.
    ///   - reserved: further bytes of address space that will be taken and not used.
    public func memory(threads: Int = 1, reserving reserved: Int = 0) -> MemoryAllowance? {
        var allowances: [MemoryAllowance] = []
        func add(_ bytes: Int?, _ bound: MemoryAllowance.Bound) {
            if let bytes { allowances.append(MemoryAllowance(bytes: bytes, bound: bound)) }
        }
        add(kibibytes("MemAvailable", in: "proc/meminfo"), .machine)
        let stacks = max(0, threads - existingThreads).multipliedReportingOverflow(by: stackSize)
        let taken = stacks.overflow ? .max : stacks.partialValue
        func left(of limit: Int, _ figure: String) -> Int {
            let unmapped = max(0, limit - (kibibytes(figure, in: "proc/self/status") ?? 0))
            return max(0, unmapped - min(taken, unmapped) - reserved)
        }
        if let limit = resources.addressSpace { add(left(of: limit, "VmSize"), .addressSpace(limit: limit)) }
        if let limit = resources.data { add(left(of: limit, "VmData"), .data(limit: limit)) }
        if let group = ControlGroup(root: root).memory {
            add(group.left, .controlGroup(limit: group.limit, name: group.name, file: group.file))
        }
        return allowances.min { $0.bytes < $1.bytes }
    }

    /// Whether address space is scarce, so that reserving more of it than is needed can be what fails.
    public var limitsAddressSpace: Bool { resources.addressSpace != nil || resources.data != nil }

    /// Why no more threads can be made, as far as limits tell.
    ///
    /// - Parameter wanted: threads beside those that there are.
    func obstacle(to wanted: Int) -> String? {
        if let tasks = ControlGroup(root: root).tasks, tasks.left < wanted {
            return "the control group \(tasks.name) may have \(tasks.limit) threads and processes (pids.max)"
        }
        if let memory = memory(threads: existingThreads + wanted), memory.bytes == 0, memory.countsAddresses {
            return "a stack takes \(ByteCount.words(stackSize)), and \(memory.bound.clause)"
        }
        // It does not bind the superuser.
        guard geteuid() != 0 else { return nil }
        return resources.processes.map {
            "the user may have \($0) threads and processes (RLIMIT_NPROC; ulimit -u raises it)"
        }
    }

    /// What the system says of a failed call, with the figure of the limit that was met, if one was.
    public static func reason(_ code: Int32) -> String {
        let words = String(cString: strerror(code))
        let limits = ResourceLimits.current
        switch code {
        case EMFILE:
            return limits.openFiles.map {
                "\(words) (this process may have \($0): RLIMIT_NOFILE; ulimit -n raises it)"
            } ?? words
        case EFBIG:
            return limits.fileSize.map {
                "\(words) (this process may write files of \(ByteCount.words($0)): RLIMIT_FSIZE; ulimit -f raises it)"
            } ?? words
        default: return words
        }
    }

    /// Of a thread, with its guard page. Where stacks are not limited glibc takes a size of its own.
    private var stackSize: Int { min(max(resources.stack ?? 2 << 20, 128 << 10), 1 << 30) + 4096 }

    private var existingThreads: Int { number("Threads", in: "proc/self/status") ?? 1 }

    /// A figure of a file of lines such as “VmSize: 3060 kB”, in bytes.
    private func kibibytes(_ name: String, in file: String) -> Int? {
        number(name, in: file).flatMap { $0 <= .max / 1024 ? $0 * 1024 : nil }
    }

    /// A number of a file of lines such as “Threads: 2”; at least 0.
    private func number(_ name: String, in file: String) -> Int? {
        let path = root.hasSuffix("/") ? root + file : "\(root)/\(file)"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
        let number = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
        return number.flatMap { $0 >= 0 ? $0 : nil }
    }
}
