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
