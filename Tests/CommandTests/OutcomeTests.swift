import BuiltProgram
import TemporaryFolders
import Testing

/// Exit codes of runs that were measured.
struct OutcomeTests {
    @Test(
        "Every shortcut and unit measures, and all checks hold",
        arguments: [
            "identity", "none", "scale0.5", "scale0.5,0.5", "gate-exclusive:-6", "gate-shortcut:0", "conv1x1",
            "dropout0.5",
        ],
        ["original", "bn-after-addition", "relu-before-addition", "relu-only-preact", "full-preact"])
    func success(shortcut: String, unit: String) throws {
        let outcome = try Program.run(
            SmallRun.options + ["--precision", "double", "--shortcut=\(shortcut)", "--unit", unit])
        #expect(outcome.errors == "")
        #expect(outcome.output.contains(" identities hold; worst "))
        #expect(outcome.exitCode == 0)
    }

    @Test(
        "Blocks, architectures, modes and probes measure",
        arguments: [
            "--depth 11 --block bottleneck", "--depth 8 --block single --width 2",
            "--depth 12 --architecture dense --width 8", "--depth 8 --mode inference",
            "--depth 8 --mode inference --shortcut dropout0.5", "--depth 8 --probe all --precision double",
            "--depth 8 --probe none", "--depth 8 --data digits --classes 100 --batch 1",
        ])
    func variety(arguments: String) throws {
        let outcome = try Program.run(
            ["--batch", "2", "--threads", "1"] + arguments.split(separator: " ").map(String.init))
        #expect(outcome.errors == "")
        #expect(outcome.exitCode == 0)
    }

    @Test(
        "What is printed without a run fails like the rest where it cannot be written",
        arguments: [
            "schema", "--help", "help analyze", "--version", "--print-configuration",
            "predict --print-configuration", "predict",
        ])
    func unwritableOutput(arguments: String) throws {
        let folder = try TemporaryFolder()
        for (place, reason) in [
            (">/dev/full", "No space left on device"), (">&-", "Bad file descriptor"),
        ] {
            let outcome = try Program.run(
                shell: "'\(Program.executable.path)' \(arguments) \(place)", in: folder)
            #expect(outcome.errors == "Error: Standard output cannot be written: \(reason).\n")
            #expect(outcome.exitCode == 2)
        }
    }

    @Test(
        "A file does not take the place of a closed standard output, and gets nothing that is meant for that")
    func closedOutput() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(
            shell:
                "'\(Program.executable.path)' \(SmallRun.options.joined(separator: " ")) --csv x.csv >&- 2>&-",
            in: folder)
        #expect(outcome.exitCode == 2)
        #expect(try folder.text("x.csv").hasPrefix("unit,"))
    }

    @Test("With --quiet a check that fails is told on standard error")
    func quietFailure() throws {
        let overflow = [
            "--depth", "110", "--batch", "2", "--threads", "1", "--quiet", "--shortcut", "scale1000",
        ]
        let one = try Program.run(overflow)
        #expect(one.output == "")
        #expect(one.errors.hasPrefix("Error: The check finite fails"))
        #expect(one.exitCode == 2)
        let seeds = try Program.run(overflow + ["--seeds", "2"])
        #expect(seeds.errors.contains("With seed 0: The check finite fails"))
        let compared = try Program.run(
            [
                "compare", "identity", "scale1000", "--depth", "110", "--batch", "2", "--threads", "1",
                "--quiet",
            ])
        #expect(compared.errors.contains("scale1000: With seed 0: The check finite fails"))
        #expect(!compared.errors.contains("identity: "))
        let folder = try TemporaryFolder()
        let swept = try Program.run(
            [
                "sweep", "--depth", "110", "--batch", "2", "--shortcut", "identity,scale1000", "--quiet",
                "--store", "s.sqlite",
            ], in: folder)
        #expect(swept.errors.contains("A check fails in the cell shortcut=scale1000"))
    }

    @Test(
        "A forward pass that overflows says where and still reports, with exit code 2: values cannot be had")
    func overflow() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(
            [
                "--depth", "110", "--batch", "2", "--threads", "1", "--shortcut", "scale1000", "--report",
                "report",
            ],
            in: folder)
        #expect(outcome.exitCode == 2)
        #expect(outcome.errors == "")
        #expect(outcome.output.contains("First non-finite value at unit 13"))
        #expect(outcome.output.contains(#/Failed checks?: finite/#))
        let report = try JSON(parsing: folder.text("report/report.json"))
        // 10³ a unit from an RMS of 0.7, in numbers of at most 3.4e38.
        #expect(report["first_non_finite_unit"]?.number == 13)
        #expect(report["loss"] == .null)
        #expect(report["units"]?.elements?.count == 55)
        #expect(report["units"]?.elements?[12]["forward_status"] == .string("measured"))
        #expect(report["units"]?.elements?[13]["forward_status"] == .string("not finite"))
        #expect(report["units"]?.elements?[14]["forward_status"] == .string("not measured"))
        #expect(report["units"]?.elements?[0]["direct_status"] == .string("not measured"))
        let finite = report["checks"]?.elements?.first { $0["name"] == .string("finite") }
        #expect(finite?["passed"] == .boolean(false))
        #expect(try folder.contents().contains("report/report.html"))
    }
}
