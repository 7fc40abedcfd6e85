import Foundation
import TemporaryFolders
import Testing

@testable import Limits

struct ProcessLimitsTests {
    private static let mebibyte = 1 << 20

    /// A machine with 1000 MiB free, and a process of 200 MiB of addresses, 50 of them data.
    private func limits(
        _ resources: ResourceLimits = ResourceLimits(), files: [String: String] = [:], affinity: Int = 4
    ) throws -> (limits: ProcessLimits, folder: TemporaryFolder) {
        let folder = try TemporaryFolder()
        let all = [
            "proc/meminfo": "MemTotal: 4096000 kB\nMemAvailable:    1024000 kB\n",
            "proc/self/status":
                "Name:\tx\nVmPeak:\t  999999 kB\nVmSize:\t  204800 kB\nVmData:\t   51200 kB\n",
            "proc/self/cgroup": "0::/a\n",
            "proc/self/mountinfo": "25 20 0:21 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
        ].merging(files) { $1 }
        for (path, text) in all { try folder.write(text, to: path) }
        return (ProcessLimits(root: folder.url.path, resources: resources, affinity: affinity), folder)
    }

    @Test("Without limits the machine's free memory binds")
    func machine() throws {
        let (limits, folder) = try limits()
        defer { withExtendedLifetime(folder) {} }
        let memory = try #require(limits.memory(threads: 64))
        #expect(memory == MemoryAllowance(bytes: 1000 * Self.mebibyte, bound: .machine))
        #expect(memory.clause == "1.0 GiB are available")
    }

    @Test("Of the address space what is mapped is taken, and the stacks of the threads that will be made")
    func addressSpace() throws {
        var resources = ResourceLimits()
        resources.addressSpace = 300 * Self.mebibyte
        resources.stack = 8 * Self.mebibyte
        let (limits, folder) = try limits(resources)
        defer { withExtendedLifetime(folder) {} }
        let alone = try #require(limits.memory())
        #expect(alone.bytes == 100 * Self.mebibyte)
        #expect(
            alone.clause
                == "100 MiB are available, as the address space of this process may take 300 MiB (RLIMIT_AS; ulimit -v "
                + "raises it)")
        // A guard page each.
        #expect(limits.memory(threads: 4)?.bytes == 76 * Self.mebibyte - 3 * 4096)
        // The stacks of threads that there are already are mapped.
        let (running, other) = try self.limits(
            resources, files: ["proc/self/status": "VmSize:\t  204800 kB\nThreads:\t3\n"])
        #expect(running.memory(threads: 4)?.bytes == 92 * Self.mebibyte - 4096)
        #expect(running.memory(threads: 2, reserving: 40 * Self.mebibyte)?.bytes == 60 * Self.mebibyte)
        #expect(running.memory(threads: 2, reserving: .max)?.bytes == 0)
        withExtendedLifetime(other) {}
        for threads in [14, 1 << 20, .max] { #expect(limits.memory(threads: threads)?.bytes == 0) }
    }

    @Test("RLIMIT_DATA and a control group bind where they leave less, and say so")
    func others() throws {
        var resources = ResourceLimits()
        resources.addressSpace = 900 * Self.mebibyte
        resources.data = 60 * Self.mebibyte
        let (data, first) = try limits(resources)
        #expect(
            data.memory()
                == MemoryAllowance(bytes: 10 * Self.mebibyte, bound: .data(limit: 60 * Self.mebibyte)))
        #expect(data.memory()?.clause.contains("RLIMIT_DATA") == true)
        let (group, second) = try limits(
            resources,
            files: [
                "sys/fs/cgroup/a/memory.max": "10000000\n", "sys/fs/cgroup/a/memory.current": "8951424\n",
            ])
        #expect(
            group.memory()?.clause
                == "1 MiB are available, as the control group /a may take 10 MiB (memory.max)")
        withExtendedLifetime((first, second)) {}
    }

    @Test("A machine that tells nothing binds nothing")
    func untold() throws {
        let (limits, folder) = try limits(files: ["proc/meminfo": "MemAvailable: plenty\n"])
        #expect(limits.memory() == nil)
        withExtendedLifetime(folder) {}
    }

    @Test(
        "Processors are those of the affinity, or the time that a control group gives, rounded up",
        arguments: [
            (4, "max 100000", 4), (4, "150000 100000", 2), (4, "1 100000", 1), (1, "400000 100000", 1),
            (2048, "max 100000", 2048), (4, "9223372036854775807 1", 4),
        ])
    func processors(affinity: Int, quota: String, expected: Int) throws {
        let (limits, folder) = try limits(files: ["sys/fs/cgroup/a/cpu.max": quota], affinity: affinity)
        #expect(limits.processors == expected)
        withExtendedLifetime(folder) {}
    }

    @Test("The process itself has a processor, and no more than are on line")
    func own() {
        #expect((1...sysconf(Int32(_SC_NPROCESSORS_CONF))).contains(ProcessorAffinity.count))
        #expect(ProcessLimits.current.processors <= ProcessorAffinity.count)
    }

    @Test("The limit of open files and of the size of a file stand in the system's reason")
    func reasons() {
        let limits = ResourceLimits.current
        if let files = limits.openFiles {
            #expect(
                ProcessLimits.reason(EMFILE)
                    == "Too many open files (this process may have \(files): RLIMIT_NOFILE; ulimit -n raises it)"
            )
        }
        if limits.fileSize == nil { #expect(ProcessLimits.reason(EFBIG) == "File too large") }
        #expect(ProcessLimits.reason(ENOSPC) == "No space left on device")
    }

    @Test(
        "Bytes are said with the unit that suits",
        arguments: [
            (0, "0 MiB"), (1, "1 KiB"), (8192, "8 KiB"), (1 << 20, "1 MiB"), (512 << 20, "512 MiB"),
            (1 << 30, "1.0 GiB"), (1_717_986_918, "1.6 GiB"),
        ])
    func bytes(count: Int, words: String) { #expect(ByteCount.words(count) == words) }
}
