import BuiltProgram
import Foundation
import TemporaryFolders
import Testing

/// Formulas wherever a command takes them.
struct FormulaTests {
    private static let small = ["--depth", "8", "--batch", "2", "--data", "noise", "--threads", "1"]

    @Test("Every report shows a function in normal form with its derivative")
    func reports() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(
            Self.small + [
                "--shortcut", "expr: x*a + 0.1*tanh(x)", "--let", "a=0.9", "--after", "expr: max(x, @b*x)",
                "--init", "b=t", "--activation", "gelu", "--branch-scale", "1/sqrt(L)", "--report", "r",
            ], in: folder)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        let equations = [
            "0.9*x + 0.1*tanh(x)", "0.9 + 0.1*(1 - tanh(x)^2)", "max(x, @b*x)", "@b from t", "1/sqrt(L)",
            "0.5*(1 + erf(0.7071067811865476*x))",
        ]
        let markdown = try folder.text("r/report.md").replacing("\\", with: "")
        let page = try folder.text("r/report.html")
        for equation in equations {
            #expect(outcome.output.contains(equation), "\(equation)")
            #expect(markdown.contains(equation) && page.contains(equation), "\(equation)")
        }
        let report = try JSON(parsing: folder.text("r/report.json"))
        let functions = try #require(report["network"]?["functions"]?.elements)
        #expect(functions.map { $0["name"]?.string } == ["h(x)", "β", "φ(x)", "f(x)"])
        #expect(functions[0]["derivative"]?.string == "0.9 + 0.1*(1 - tanh(x)^2)")
        let checks = try #require(report["checks"]?.elements)
        #expect(checks.last?["name"]?.string == "derivatives" && checks.last?["passed"] == .boolean(true))
        let configuration = try #require(report["manifest"]?["configuration"])
        #expect(configuration["let"]?.string == "a=0.9" && configuration["init"]?.string == "b=t")
        #expect(configuration["after"]?.string == "expr: max(x, @b*x)")
    }

    @Test("A configuration file says the same, lists of names and schedules included")
    func configuration() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            """
            depth: 8
            batch: 2
            data: noise
            threads: 1
            shortcut: "scale: [a, 1, 1/a]"
            let: [a=0.9, b=0.2]
            drop-path: b*t
            activation: "expr: max(x, b*x)"
            """, to: "run.yaml")
        let outcome = try Program.run("--configuration", "run.yaml", "--json", "a.json", in: folder)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        let words =
            Self.small + [
                "--shortcut", "scale:[a,1,1/a]", "--let", "a=0.9,b=0.2", "--drop-path", "b*t", "--activation",
                "expr: max(x, b*x)",
            ]
        #expect(try Program.run(words + ["--json", "b.json"], in: folder).exitCode == 0)
        let (file, line) = (
            try JSON(parsing: folder.text("a.json")), try JSON(parsing: folder.text("b.json"))
        )
        #expect(file["units"] == line["units"] && file["network"] == line["network"])
        // What was printed repeats the run.
        let printed = try Program.run(words + ["--print-configuration"], in: folder)
        try folder.write(printed.output, to: "again.yaml")
        #expect(
            try Program.run("--configuration", "again.yaml", "--json", "c.json", in: folder).exitCode == 0)
        #expect(try JSON(parsing: folder.text("c.json"))["units"] == line["units"])
    }

    @Test("A named number is an axis of a sweep, and a formula a value like any word")
    func sweep() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(
            [
                "sweep", "--depth", "8", "--batch", "2", "--data", "noise", "--store", "s.sqlite", "--quiet",
                "--shortcut", "identity,expr: max(x, a*x)", "--let", "a=0,0.5", "--let", "a=1", "--csv",
                "s.csv",
            ], in: folder)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        let lines = try folder.text("s.csv").split(separator: "\r\n")
        #expect(lines.count == 7 && lines[0].hasPrefix("shortcut,a,"), "\(lines[0])")
        #expect(lines.contains { $0.hasPrefix("\"expr: max(x, a*x)\",0.5,") }, "\(lines)")
    }

    @Test("Networks of a comparison may be formulas of named numbers")
    func comparison() throws {
        let outcome = try Program.run(
            ["compare", "expr: tanh(a*x)", "after=tanh", "identity"] + Self.small + ["--let", "a=0.9"])
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("h(x) = tanh(0.9*x)") && outcome.output.contains("f(x) = tanh(x)"))
    }

    @Test("ReZero trains, is resumed and evaluated, with its number among the weights")
    func training() throws {
        let folder = try TemporaryFolder()
        let words = SmallTraining.short + ["--branch-scale", "@a", "--init", "a=0"]
        let outcome = try Program.run(words, in: folder)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        let weights = try folder.data(SmallTraining.weights("r", after: 4))
        #expect(String(decoding: weights.prefix(8192), as: UTF8.self).contains("\"units.0.a\""))
        #expect(try folder.text("r/report.md").contains("@a from 0"))
        let resumed = try Program.run(
            "train", "--resume", "r", "--checkpoint-every", "2", "--quiet", in: folder)
        #expect(resumed.exitCode == 0, "\(resumed.errors)")
        let evaluated = try Program.run("evaluate", "r", in: folder)
        #expect(evaluated.exitCode == 0 && evaluated.output.contains("@a from 0"), "\(evaluated.output)")
    }

    @Test("check holds derivatives against values, verify the claims that apply")
    func checks() throws {
        let check = try Program.run(
            "check", "--depth", "8", "--shortcut", "expr: sin(x)", "--after", "expr: x + 0.1*erf(x)")
        #expect(check.exitCode == 0 && check.output.contains("h′(x) = cos(x)"), "\(check.output)")
        #expect(check.output.contains("Derivatives of 6 operations: 12 "), "\(check.output)")
        #expect(try Program.run("check", "--depth", "8").output.contains("there is nothing to check"))
        let verify = try Program.run("verify", "--shortcut", "expr: sin(x)")
        #expect(verify.exitCode == 0 && verify.output.contains("3 of 3 claims hold"), "\(verify.output)")
        #expect(verify.output.contains("does not apply: eqn4, eqn7: h is not λ_l·x"))
        let scaled = try Program.run("verify", "--shortcut", "scale: [0.9, 1, 1/0.9]")
        #expect(scaled.exitCode == 0 && scaled.output.contains("4 of 4 claims hold"), "\(scaled.output)")
        let omitted = try Program.run("verify", "eqn7", "--shortcut", "expr: sin(x)")
        #expect(omitted.exitCode == 64 && omitted.errors.contains("cannot be made of these functions"))
    }

    @Test(
        "What cannot be read is shown with its place, and what is impossible with its unit",
        arguments: [
            (
                ["--shortcut", "expr: a*x"],
                "“a” is not known; did you mean abs? Known are x, l, L, s, n, t, e, pi"
            ),
            (
                ["--shortcut", "expr: a*x", "--let", "aa=1"],
                "Known are x, l, L, s, n, t, e, pi, aa"
            ),
            (["--shortcut", "expr: @a*x"], "@a has no value to start from, as --init a=1 would give it"),
            (["--shortcut", "expr: @a*x", "--init", "a=x"], "“x” has no meaning here"),
            (["--let", "x=3"], "x has a meaning in formulas already"),
            (["--let", "a"], "--let a is no name with a number"), (["--let", "a=1,a=2"], "two values"),
            (["--let", "a=1/0"], "--let a=1/0 is no finite number"),
            (["--after", "expr: 3"], "f(y) = 3 does not depend on x"),
            (["--shortcut", "expr: 3"], "so there is no direct path"),
            (["--activation", "jelu"], "Unknown function “jelu”; did you mean relu?"),
            (["--branch-scale", "1/l"], "at unit 0 its part 1/l has no value: division by zero"),
            (["--drop-path", "2*t"], "at unit 2 it is 1.3333333333333333, and a probability p"),
            (
                ["--shortcut", "scale: 1/(l-2)"],
                "at unit 2 its part 1/(l - 2) has no value: division by zero"
            ),
            (
                ["--shortcut", "expr: @a[n]*x + @a", "--init", "a=1"],
                "@a is one number of a unit, or one a channel as @a[n], not both"
            ),
            (["--branch-scale", "[1, 2"], "expected “]”, not the end"),
            (["--shortcut", "expr: 1e200*x*1e200"], "leaves the range of numbers"),
            (
                ["--shortcut", "expr: \(String(repeating: "(", count: 200))x"],
                "expected fewer than 100 open parentheses"
            ),
        ])
    func mistakes(words: [String], sentence: String) throws {
        let outcome = try Program.run(Self.small + words)
        #expect(outcome.exitCode == 64 && outcome.output == "")
        #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
    }

    /// Helper networks are narrower and have fewer units than the one that is asked for.
    @Test(
        "A formula sees the units and widths of the network that is asked for, whatever is counted or checked on a smaller one",
        arguments: [
            ["--depth", "20", "--shortcut", "expr: x - tanh(x)/(10*log(n))"],
            ["--depth", "20", "--shortcut", "expr: x - tanh(x)/(10*log(n - 15))", "--width", "2"],
            [
                "--depth", "38", "--shortcut", "expr: x - tanh(x)/(10*log(L - 12))", "--after",
                "expr: x + 0.1/(L - 9)",
            ],
            ["--depth", "20", "--shortcut", "expr: @a*x + 0.5", "--init", "a=0"],
        ])
    func helpersSeeTheWhole(words: [String]) throws {
        let network = ["--batch", "2", "--data", "noise"]
        let outcome = try Program.run(words + network + ["--threads", "1"])
        #expect(outcome.exitCode == 0, "\(outcome.errors)\(outcome.output)")
        #expect(try Program.run(["check"] + words).exitCode == 0)
        let prediction = try Program.run(["predict"] + words + network)
        #expect(prediction.exitCode == 0 || prediction.errors.contains("Theory"), "\(prediction.errors)")
    }

    @Test("Outside a function's domain the place and the share of elements are told")
    func domain() throws {
        let outcome = try Program.run(Self.small + ["--activation", "expr: log(x)"])
        #expect(outcome.exitCode == 2)
        #expect(
            outcome.errors.contains(
                #/stem\.bn\.activation: .*log of a negative number in log\(x\) at \d+ elements, 5\d/#),
            "\(outcome.errors)")
    }
}
