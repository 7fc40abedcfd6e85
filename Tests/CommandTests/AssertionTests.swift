import BuiltProgram
import Testing

/// `--assert`: a condition on the numbers of a run sets its exit code.
struct AssertionTests {
    private func run(_ conditions: String..., options: [String] = []) throws -> Program.Outcome {
        try Program.run(
            SmallRun.options + ["--depth", "20", "--shortcut", "scale0.5"] + options
                + conditions.flatMap { ["--assert", $0] })
    }

    @Test("All hold: 0, and the report lists them")
    func allHold() throws {
        // log10 of ½ is −0.30103.
        let outcome = try run("-0.302 < direct_log10_per_unit < -0.3", "loss > 0", options: ["--json", "-"])
        #expect(outcome.exitCode == 0)
        let report = try JSON(parsing: outcome.output)
        let findings = report["assertions"]?.elements ?? []
        #expect(findings.map { $0["outcome"] } == [.string("holds"), .string("holds")])
    }

    @Test("One fails: 1, and the numbers are said")
    func oneFails() throws {
        let outcome = try run("loss > 0", "direct_log10_per_unit > -0.01")
        #expect(outcome.exitCode == 1)
        #expect(outcome.output.contains("✗ direct_log10_per_unit > -0.01 – fails: −0.301 is not > −0.01"))
        #expect(
            outcome.errors
                == "Error: The assertion “direct_log10_per_unit > -0.01” fails: −0.301 is not > −0.01.\n")
    }

    @Test("What is null cannot be judged: 2")
    func cannotSay() throws {
        let outcome = try run("cosine[-1] > 0", options: ["--quiet"])
        #expect(outcome.exitCode == 2)
        #expect(
            outcome.errors
                == "Error: The assertion “cosine[-1] > 0” cannot say: units.cosine[-1] is null: not measured, or "
                + "the logarithm of 0.\n")
    }

    @Test("What is no assertion is wrong usage, before anything is measured: 64")
    func wrongUsage() throws {
        let outcome = try run("direct_log10_per_uni > 0", options: ["--depth", "1001"])
        #expect(outcome.exitCode == 64)
        #expect(outcome.errors.contains("did you mean direct_log10_per_unit?"))
    }
}
