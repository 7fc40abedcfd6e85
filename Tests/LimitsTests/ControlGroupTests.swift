import TemporaryFolders
import Testing

@testable import Limits

/// Control groups of both versions, as files of a folder that stands for the root.
struct ControlGroupTests {
    /// What a machine's files say to a process.
    private struct Machine {
        let memory: ControlGroup.Memory?
        let processors: Double?
        let tasks: ControlGroup.Tasks?
        let memoryLevels: [ControlGroup.Level]

        init(_ files: [String: String]) throws {
            let folder = try TemporaryFolder()
            for (path, text) in files { try folder.write(text, to: path) }
            let group = ControlGroup(root: folder.url.path)
            memory = group.memory
            processors = group.processors
            tasks = group.tasks
            memoryLevels = group.levels(of: "memory")
            withExtendedLifetime(folder) {}
        }
    }

    private static let unified = [
        "proc/self/cgroup": "0::/a/b\n",
        "proc/self/mountinfo": "25 20 0:21 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw\n",
    ]
    private static let perController = [
        "proc/self/cgroup": "4:memory:/a/b\n3:cpu,cpuacct:/a\n2:pids:/\n1:name=systemd:/\n0::/\n",
        "proc/self/mountinfo": """
        31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755
        32 31 0:29 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
        33 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
        34 31 0:31 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
        """,
    ]

    @Test("The tightest group binds, wherever it stands above the process", arguments: ["", "a/", "a/b/"])
    func hierarchy(place: String) throws {
        var files = Self.unified
        for level in ["", "a/", "a/b/"] {
            files["sys/fs/cgroup/\(level)memory.max"] = level == place ? "1000\n" : "max\n"
            files["sys/fs/cgroup/\(level)memory.current"] = "400\n"
            files["sys/fs/cgroup/\(level)memory.stat"] = "anon 100\ninactive_file 150\nactive_file 7\n"
            files["sys/fs/cgroup/\(level)cpu.max"] = level == place ? "150000 100000\n" : "max 100000\n"
            files["sys/fs/cgroup/\(level)pids.max"] = level == place ? "30\n" : "max\n"
            files["sys/fs/cgroup/\(level)pids.current"] = "12\n"
        }
        let group = try Machine(files)
        let name = "/" + place.dropLast()
        // 400 are used, of which 150 can be dropped.
        #expect(group.memory == .init(limit: 1000, left: 750, name: name, file: "memory.max"))
        #expect(group.processors == 1.5)
        #expect(group.tasks == .init(limit: 30, left: 18, name: name))
    }

    @Test("memory.high binds where it is less than memory.max")
    func high() throws {
        let group = try Machine(
            Self.unified.merging([
                "sys/fs/cgroup/a/memory.max": "1000\n", "sys/fs/cgroup/a/memory.high": "800\n",
            ]) { $1 }
        )
        #expect(group.memory == .init(limit: 800, left: 800, name: "/a", file: "memory.high"))
    }

    @Test("Hierarchies of one controller each are read, and no limit is none")
    func firstVersion() throws {
        let group = try Machine(
            Self.perController.merging([
                "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
                "sys/fs/cgroup/memory/a/memory.limit_in_bytes": "5000\n",
                "sys/fs/cgroup/memory/a/memory.usage_in_bytes": "2000\n",
                "sys/fs/cgroup/memory/a/memory.stat": "inactive_file 1\ntotal_inactive_file 500\n",
                "sys/fs/cgroup/memory/a/b/memory.limit_in_bytes": "9000\n",
                "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1\n",
                "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
                "sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us": "25000\n",
                "sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us": "50000\n",
                "sys/fs/cgroup/pids/pids.max": "max\n",
            ]) { $1 }
        )
        #expect(group.memory == .init(limit: 5000, left: 3500, name: "/a", file: "memory.limit_in_bytes"))
        #expect(group.processors == 0.5)
        #expect(group.tasks == nil)
    }

    @Test("Within a container what is mounted may begin at the process's own group, or be all that is seen")
    func container() throws {
        let mounted = "1 0 0:1 /docker/x /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n"
        for path in ["/docker/x", "/elsewhere", "/../.."] {
            let group = try Machine([
                "proc/self/cgroup": "4:memory:\(path)\n", "proc/self/mountinfo": mounted,
                "sys/fs/cgroup/memory/memory.limit_in_bytes": "5000\n",
            ])
            #expect(group.memory?.left == 5000)
        }
    }

    @Test("A usage beyond the limit leaves nothing")
    func overdrawn() throws {
        let group = try Machine(
            Self.unified.merging([
                "sys/fs/cgroup/a/b/memory.max": "1000\n", "sys/fs/cgroup/a/b/memory.current": "4000\n",
                "sys/fs/cgroup/a/b/pids.max": "2\n", "sys/fs/cgroup/a/b/pids.current": "5\n",
            ]) { $1 }
        )
        #expect(group.memory?.left == 0)
        #expect(group.tasks?.left == 0)
    }

    @Test(
        "What is no number, and what is missing, limits nothing",
        arguments: [
            "", "\n", "max", "-", "1e3", "99999999999999999999", "0x10", "nan 100000", "-5 -5", "0 0",
        ])
    func garbage(text: String) throws {
        let group = try Machine(
            Self.unified.merging([
                "sys/fs/cgroup/a/b/memory.max": text, "sys/fs/cgroup/a/b/cpu.max": text,
                "sys/fs/cgroup/a/b/pids.max": text,
            ]) { $1 }
        )
        #expect(group.memory == nil)
        #expect(group.processors == nil)
        #expect(group.tasks == nil)
    }

    @Test(
        "Lists of mounts and groups that are none are passed over",
        arguments: ["", "::\n", "0:\n", ":::::\n", "- - - - - - -\n", "1 2 3 4 5 6 - cgroup2\n", "0::a\n"])
    func lists(text: String) throws {
        for file in ["proc/self/cgroup", "proc/self/mountinfo"] {
            var files = Self.unified
            files[file] = text
            files["sys/fs/cgroup/memory.max"] = "1000\n"
            #expect(try Machine(files).memory == nil)
        }
        #expect(try Machine([:]).memoryLevels == [])
    }

    @Test("A mount point with a blank in its name is found")
    func blank() throws {
        let group = try Machine([
            "proc/self/cgroup": "0::/\n",
            "proc/self/mountinfo": "1 0 0:1 / /my\\040groups rw - cgroup2 none rw\n",
            "my groups/memory.max": "77\n",
        ])
        #expect(group.memory?.limit == 77)
    }
}
