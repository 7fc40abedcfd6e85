import BuiltProgram
import TemporaryFolders
import Testing

/// `--measure` end to end.
struct MeasureTests {
    @Test("Costs come before the report, on standard error")
    func costs() throws {
        let outcome = try Program.run(SmallRun.options + ["--measure", "fits,path-lengths:3"])
        #expect(
            outcome.errors.hasPrefix("path-lengths:3: at most about 4 plain backward passes and "))
        #expect(outcome.errors.hasSuffix("\nfits: nothing but arithmetic\n"))
        #expect(outcome.output.contains("path-lengths: the gradient at x_0 passed"))
        #expect(outcome.exitCode == 0)
        let quiet = try Program.run(SmallRun.quiet + ["--measure", "all"])
        #expect(quiet.errors == "" && quiet.output == "" && quiet.exitCode == 0)
    }

    @Test("What does not apply says why, and nothing fails")
    func omissions() throws {
        let outcome = try Program.run(
            ["--depth", "5", "--batch", "1", "--data", "noise", "--quiet", "--json", "-", "--measure"]
                + ["correlation,line-correlation,jacobian:0-9"])
        let measured = try #require(JSON(parsing: outcome.output)["measurements"])
        #expect(
            measured["omissions"]?.elements?.compactMap { $0["reason"]?.string } == [
                "There is no x_9: the last is x_3, the input of the head.",
                "The gradients of different samples need a batch of at least two.",
                "The gradients of different samples need a batch of at least two.",
            ])
        #expect(outcome.exitCode == 0)
    }

    @Test("The manifest says what was measured, and runs repeat bit for bit")
    func repeats() throws {
        let folder = try TemporaryFolder()
        for name in ["a", "b"] {
            _ = try Program.run(SmallRun.quiet + ["--measure", "all", "--report", name], in: folder)
        }
        for file in ["measurements.csv", "path_lengths.csv", "parameter_gradients.csv", "jacobian.csv"] {
            #expect(try folder.text("a/\(file)") == folder.text("b/\(file)"), "\(file)")
        }
        #expect(try folder.text("a/manifest.json").contains("\"measure\": \"path-lengths:40,cancellation,"))
        _ = try Program.run(SmallRun.quiet + ["--report", "plain"], in: folder)
        #expect(try !folder.text("plain/manifest.json").contains("measure"))
        #expect(try folder.text("a/units.csv") == folder.text("plain/units.csv"))
    }
}
