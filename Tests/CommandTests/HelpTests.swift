import BuiltProgram
import Testing

/// Whole output of what is asked for help.
struct HelpTests {
    @Test(
        "Help is the committed text, on standard output",
        arguments: [
            (["--help"], "help.txt"), (["-h"], "help.txt"), (["help"], "help.txt"),
            (["help", "analyze"], "help-analyze.txt"), (["analyze", "--help"], "help-analyze.txt"),
            (["--depth", "20", "--help"], "help-analyze.txt"), (["help", "schema"], "help-schema.txt"),
            (["help", "compare"], "help-compare.txt"), (["help", "sweep"], "help-sweep.txt"),
            (["help", "predict"], "help-predict.txt"), (["predict", "--help"], "help-predict.txt"),
            (["help", "verify"], "help-verify.txt"), (["help", "conform"], "help-conform.txt"),
            (["help", "confirm"], "help-confirm.txt"),
        ])
    func help(arguments: [String], golden: String) throws {
        let outcome = try Program.run(arguments)
        #expect(outcome.output == (try GoldenFile.text(golden, recording: outcome.output)))
        #expect(outcome.errors == "")
        #expect(outcome.exitCode == 0)
    }

    @Test("The version is a version")
    func version() throws {
        let outcome = try Program.run("--version")
        #expect(outcome.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
        #expect(outcome.exitCode == 0)
    }

    @Test(
        "The help of every option fits 80 columns",
        arguments: [
            "help", "help analyze", "help predict", "help compare", "help sweep", "help verify",
            "help conform", "help confirm",
        ])
    func width(arguments: String) throws {
        let lines = try Program.run(arguments.split(separator: " ").map(String.init)).output.split(
            separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 80 })
    }
}
