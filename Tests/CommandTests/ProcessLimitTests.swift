import BuiltProgram
import Foundation
import ImageFixtures
import TemporaryFolders
import Testing

/// What the program does under the limits of a process: it works, or ends with exit code 2 and the figure. It is never
/// ended by a signal, and never waits for what it cannot have.
@Suite(.serialized)
struct ProcessLimitTests {
    private static let small = ["--depth", "5", "--batch", "2", "--data", "noise", "--quiet"]
    private static let commands: [String] = [
        "analyze --depth 5 --batch 2 --quiet", "analyze --depth 5 --batch 2 --quiet --threads 2",
        "analyze --depth 5 --batch 2 --quiet --precision double --threads 2",
        "sweep --depth 5 --shortcut identity,none --batch 2 --quiet --store s.sqlite",
        "train --depth 8 --data digits8 --iterations 2 --batch 4 --quiet --run r",
        "predict --json /dev/null", "verify vanishing --precision single", "--version",
    ]

    /// Runs a command after a line of shell, or through another program, which sets a limit. Two minutes are more than
    /// any takes that works.
    private func run(
        _ command: String, under limit: String = "", through program: String = "", in folder: TemporaryFolder
    ) throws -> Program.Outcome {
        let line = "\(limit) exec timeout -s KILL 120 \(program) '\(Program.executable.path)' \(command)"
        return try Program.run(shell: line, in: folder, environment: ["SWIFT_BACKTRACE": "enable=no"])
    }

    @Test("Under RLIMIT_AS a command works or says what is too much", arguments: commands, [250, 400, 700])
    func addressSpace(command: String, mebibytes: Int) throws {
        let folder = try TemporaryFolder()
        let outcome = try run(command, under: "ulimit -v \(mebibytes * 1024);", in: folder)
        #expect(!outcome.isKilled)
        if outcome.exitCode == 2 {
            #expect(outcome.errors.contains("Error: "))
            #expect(outcome.errors.contains("may take \(mebibytes) MiB (RLIMIT_AS; ulimit -v raises it)"))
        } else {
            #expect(outcome.exitCode == 0, "\(outcome.errors)")
        }
    }

    @Test("What the prediction of address space lets through works, and little more is asked than is needed")
    func prediction() throws {
        // Where it begins to work lies below what libraries map and the network takes, with what stacks take.
        let folder = try TemporaryFolder()
        let outcomes = try stride(from: 200, through: 480, by: 40).map { mebibytes in
            try run(
                "--depth 20 --batch 8 --threads 2 --quiet", under: "ulimit -v \(mebibytes * 1024);",
                in: folder
            ).exitCode
        }
        #expect(outcomes.first == 2 && outcomes.last == 0, "\(outcomes)")
        #expect(outcomes == outcomes.sorted(by: >), "\(outcomes)")
    }

    @Test("RLIMIT_DATA binds as well")
    func data() throws {
        let folder = try TemporaryFolder()
        let outcome = try run(
            "--depth 56 --batch 256 --data noise --threads 1 --quiet", under: "ulimit -d 200000;", in: folder)
        #expect(outcome.exitCode == 2)
        #expect(outcome.errors.contains("may take 195 MiB (RLIMIT_DATA; ulimit -d raises it)"))
        // Stacks are data too.
        let threads = try run(
            "--depth 5 --batch 2 --threads 16 --quiet", under: "ulimit -d 60000;", in: folder)
        #expect(threads.exitCode == 2)
        #expect(threads.errors.hasPrefix("Error: 16 threads are asked for, and this process can have "))
        #expect(
            threads.errors.contains(
                "the data of this process may take 59 MiB (RLIMIT_DATA; ulimit -d raises it)"),
            "\(threads.errors)")
    }

    /// The less memory there is, the more a training recomputes; its weights stay the same, bit by bit.
    @Test("Activation checkpointing makes a training fit")
    func checkpointing() throws {
        let folder = try TemporaryFolder()
        let command = "train --depth 164 --batch 256 --data digits8 --iterations 1 --threads 1 --run r"
        var forms: [String] = []
        var weights: Set<Data> = []
        for kibibytes in [400_000, 280_000, 200_000, 120_000] {
            let outcome = try run(command, under: "ulimit -d \(kibibytes);", in: folder)
            guard outcome.exitCode == 0 else {
                #expect(outcome.errors.hasPrefix("Error: Training needs about "), "\(outcome.errors)")
                forms.append("refused")
                continue
            }
            let told = try #require(outcome.errors.firstMatch(of: #/at its peak(, (?<form>[^.]*))?\./#))
            forms.append(told.form.map(String.init) ?? "kept")
            weights.insert(try folder.data("r/checkpoints/iteration-00000001/weights.safetensors"))
            try FileManager.default.removeItem(at: folder.url.appending(path: "r"))
        }
        #expect(
            forms == [
                "kept", "every second x_l recomputed",
                "several units at a time recomputed from an x_l in the backward pass", "refused",
            ])
        #expect(weights.count == 1)
    }

    @Test("What grows keeps whole records where only a part of one was taken")
    func partsOfRecords() throws {
        let folder = try TemporaryFolder()
        let outcome = try run(
            "train --architecture dense --width 8 --depth 5 --data digits8 --iterations 4000 --batch 4 --quiet "
                + "--run r --threads 1 --log-every 1 --evaluate-every 4000 --checkpoint-every 4000",
            under: "ulimit -f 24;", in: folder)
        #expect(outcome.exitCode == 2)
        #expect(outcome.errors.contains("File too large"), "\(outcome.errors)")
        #expect(try folder.text("r/curve.csv").hasSuffix("\r\n"))
        // A record of TensorBoard's: its length, a checksum, the data, a checksum.
        let name = try #require(try folder.contents().first { $0.contains("tfevents") })
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: folder.path(name))))
        #expect((12 << 10...24 << 10).contains(bytes.count))
        var offset = 0
        while offset + 12 <= bytes.count {
            offset += 16 + (0..<4).reduce(0) { $0 + Int(bytes[offset + $1]) << (8 * $1) }
        }
        #expect(offset == bytes.count)
    }

    /// Privileged processes are not bound by it, so another user runs the program, which must be able to reach it.
    private static let asNobody = "setpriv --reuid=65534 --clear-groups prlimit --nproc="
    private static let canBeNobody: Bool = {
        guard geteuid() == 0, let folder = try? TemporaryFolder() else { return false }
        let line =
            "setpriv --reuid=65534 --clear-groups prlimit --nproc=1 '\(Program.executable.path)' --version"
        return (try? Program.run(shell: line, in: folder).exitCode) == 0
    }()

    @Test(
        "Under RLIMIT_NPROC a command goes on with the threads that there are, or says how many there are",
        .enabled(if: canBeNobody, "needs root, setpriv, prlimit and a program that other users may read"),
        arguments: commands, [1, 2])
    func processes(command: String, count: Int) throws {
        let folder = try TemporaryFolder()
        chmod(folder.url.path, 0o777)
        let outcome = try run(command, through: "\(Self.asNobody)\(count)", in: folder)
        #expect(!outcome.isKilled)
        if outcome.exitCode == 2 {
            #expect(
                outcome.errors.contains(
                    "this process can have \(count), as the user may have \(count) threads and processes (RLIMIT_NPROC; "
                        + "ulimit -u raises it).\n"))
        } else {
            #expect(outcome.exitCode == 0, "\(outcome.errors)")
        }
    }

    @Test(
        "A folder of images is looked through by the threads that there are",
        .enabled(if: canBeNobody, "needs root, setpriv, prlimit and a program that other users may read"),
        arguments: ["refuse", "skip"])
    func images(undecodable: String) throws {
        let folder = try TemporaryFolder()
        chmod(folder.url.path, 0o777)
        for index in 0..<12 {
            let pixels = [UInt8](repeating: UInt8(20 * index), count: 3 * 8 * 8)
            try folder.write("", to: "images/\(index % 2)/\(index).png")
            try Data(EncodedImage.png(width: 8, height: 8, pixels)).write(
                to: URL(filePath: folder.path("images/\(index % 2)/\(index).png")))
        }
        let outcome = try run(
            "train --depth 8 --data folder:images --image-size 8 --iterations 1 --batch 4 --threads 1 --quiet --run r "
                + "--undecodable \(undecodable)", through: "\(Self.asNobody)1", in: folder)
        #expect(!outcome.isKilled && outcome.exitCode == 0, "\(outcome.errors)")
    }

    @Test(
        "Threads that were asked for and cannot be had are refused",
        .enabled(if: canBeNobody, "needs root, setpriv, prlimit and a program that other users may read"))
    func threads() throws {
        let folder = try TemporaryFolder()
        let outcome = try run(
            "--depth 5 --batch 2 --quiet --threads 8", through: "\(Self.asNobody)3", in: folder)
        #expect(outcome.exitCode == 2)
        #expect(
            outcome.errors
                == "Error: 8 threads are asked for, and this process can have 3, as the user may have 3 threads and "
                + "processes (RLIMIT_NPROC; ulimit -u raises it).\n")
    }

    @Test("Under RLIMIT_NOFILE the limit is named", arguments: [4, 5])
    func openFiles(count: Int) throws {
        for command in [
            "--depth 5 --batch 2 --data noise --threads 1 --quiet --report r",
            "sweep --depth 5 --shortcut identity,none --batch 2 --quiet --store s.sqlite",
            "train --depth 8 --data digits8 --iterations 2 --batch 4 --quiet --run r --threads 1",
        ] {
            let folder = try TemporaryFolder()
            let outcome = try run(command, under: "ulimit -n \(count);", in: folder)
            #expect(outcome.exitCode == 2, "\(command)")
            #expect(
                outcome.errors.contains(
                    "Too many open files (this process may have \(count): RLIMIT_NOFILE; ulimit -n raises it)"
                ),
                "\(command): \(outcome.errors)")
            // What will need many at a time asks before it begins.
            let isAsked = outcome.errors.contains(" more files have to be opened at one time, and ")
            #expect(isAsked == command.hasPrefix("sweep"), "\(outcome.errors)")
        }
    }

    @Test("Under RLIMIT_FSIZE the limit is named, and the program is not ended by a signal")
    func fileSize() throws {
        for command in [
            "--depth 5 --batch 2 --data noise --threads 1 --quiet --report r",
            "--depth 5 --batch 2 --data noise --threads 1 --quiet --json x.json",
            "--depth 5 --batch 2 --data noise --threads 1 --quiet --export e",
            "sweep --depth 5 --shortcut identity,none --batch 2 --quiet --store s.sqlite",
            "train --depth 8 --data digits8 --iterations 2 --batch 4 --quiet --run r --threads 1",
            "predict --json x.json",
        ] {
            let folder = try TemporaryFolder()
            // Before the shell opens anything: 4 blocks of 1,024 bytes.
            let outcome = try run(command, under: "ulimit -f 4;", in: folder)
            #expect(outcome.exitCode == 2, "\(command)")
            #expect(
                outcome.errors.contains(
                    "(this process may write files of 4 KiB: RLIMIT_FSIZE; ulimit -f raises it)"),
                "\(command): \(outcome.errors)")
        }
    }

    @Test("A process that may run on one processor computes with one thread")
    func affinity() throws {
        let folder = try TemporaryFolder()
        // The first processor that this process may run on.
        let line = "taskset -c $(taskset -cp $$ | sed 's/.*: //; s/[-,].*//')"
        let outcome = try run("\(Self.small.joined(separator: " ")) --json x.json", through: line, in: folder)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        let report = try JSON(parsing: folder.text("x.json"))
        #expect(report["manifest"]?["configuration"]?["threads"] == .string("1"))
    }

    /// A group of its own for the program, where the system lets us make one.
    private static let group = "/sys/fs/cgroup/memory/propagate-\(getpid())"
    private static let canLimitGroups: Bool = {
        guard mkdir(group, 0o755) == 0 else { return false }
        defer { rmdir(group) }
        return access(group + "/memory.limit_in_bytes", W_OK) == 0
    }()

    @Test(
        "A measurement that its control group has no memory for is refused with the group's limit",
        .enabled(if: canLimitGroups, "needs a memory hierarchy of control groups in which groups may be made")
    )
    func controlGroup() throws {
        try #require(mkdir(Self.group, 0o755) == 0)
        defer { rmdir(Self.group) }
        let folder = try TemporaryFolder()
        let limit =
            "echo 268435456 > \(Self.group)/memory.limit_in_bytes; echo $$ > \(Self.group)/cgroup.procs;"
        let outcome = try run("--depth 110 --batch 256 --threads 1 --quiet", under: limit, in: folder)
        #expect(outcome.exitCode == 2)
        #expect(outcome.errors.contains("may take 256 MiB (memory.limit_in_bytes): lower --batch"))
        let small = try run(
            Self.small.joined(separator: " "), under: "echo $$ > \(Self.group)/cgroup.procs;", in: folder
        )
        #expect(small.exitCode == 0, "\(small.errors)")
    }
}
