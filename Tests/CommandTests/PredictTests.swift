import BuiltProgram
import Foundation
import Testing

/// `propagate predict`, end to end.
struct PredictTests {
    @Test("A depth that nobody could build is answered at once, and moved to one that there is")
    func deep() throws {
        let outcome = try Program.run("predict", "--depth", "100000", "--shortcut", "scale0.99")
        #expect(outcome.exitCode == 0)
        #expect(outcome.errors == "")
        // The rule names the block that the head names.
        let text = outcome.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(
            text.contains(
                "Depth 100,001 in place of 100,000: a cifar network has 6n + 2 (basic), 9n + 2 (bottleneck) or 3n + 2 "
                    + "(single) layers."))
        #expect(text.contains("33,333 units · depth 100,001 · cifar · full-preact · bottleneck"))
        let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= 40 && lines.allSatisfy { $0.count <= 100 })
        // Well under a second on a quiet machine; tests share theirs.
        #expect(outcome.seconds < 10)
    }

    @Test("JSON holds one row an x_l, and norms relative to the last")
    func json() throws {
        let outcome = try Program.run(
            "predict", "--depth", "20", "--data", "noise", "--shortcut", "scale0.5", "--json", "-")
        let report = try JSON(parsing: outcome.output)
        let rows = try #require(report["units"]?.elements)
        #expect(rows.count == 10)
        #expect(rows.last?["gradient_log10"]?.number == 0)
        // 0.5^9, and the energy that option A's transitions drop.
        let direct = try #require(rows.first?["direct_log10"]?.number)
        #expect(direct < 9 * log10(0.5) && direct > 9 * log10(0.5) - 1)
        #expect(report["configuration"]?["block"]?.string == "basic")
    }

    @Test("Stated moments of x_0 take the place of the data's")
    func statedMoments() throws {
        func rows(_ words: String...) throws -> JSON? {
            try JSON(parsing: Program.run(["predict", "--depth", "20", "--json", "-"] + words).output)[
                "units"]
        }
        // 1/(2π), as behind BN and ReLU.
        let stated = try rows("--x0", "0.5,0.15915494309189535")
        #expect(try stated == rows("--data", "noise"))
        #expect(try stated != rows("--x0", "0.5,0.15915494309189535,0.5"))
    }

    @Test(
        "Moments that nothing has are wrong usage", arguments: ["0.5", "0.5,0.6", "0,0", "0.5,0.1,2", "a,b"])
    func impossibleMoments(words: String) throws {
        let outcome = try Program.run("predict", "--x0", words)
        #expect(outcome.exitCode == 64 && outcome.output == "" && outcome.errors.contains(words))
    }

    @Test(
        "Every unit and shortcut of the paper is predictable",
        arguments: [
            "full-preact", "original", "bn-after-addition", "relu-before-addition", "relu-only-preact",
        ],
        ["identity", "none", "scale0.5", "gate-exclusive:-6", "gate-shortcut:0", "conv1x1", "dropout0.5"])
    func all(unit: String, shortcut: String) throws {
        let outcome = try Program.run(
            "predict", "--depth", "29", "--block", "bottleneck", "--unit", unit, "--shortcut", shortcut,
            "--json",
            "-")
        let rows = try #require(try JSON(parsing: outcome.output)["units"]?.elements)
        #expect(rows.allSatisfy { $0["gradient_log10"]?.number?.isFinite == true })
        #expect(rows.allSatisfy { $0["forward_rms_log10"]?.number?.isFinite == true })
        #expect(
            rows.allSatisfy { shortcut != "none" || $0["unit"]?.number == 9 || $0["direct_log10"] == .null })
    }

    @Test(
        "Wrong words are usage errors",
        arguments: [
            ["predict", "--shortcut", "scale"], ["predict", "--data", "nowhere"],
            ["predict", "--batch", "0"],
            ["predict", "--depth", "900000000"],
        ])
    func usage(arguments: [String]) throws {
        let outcome = try Program.run(arguments)
        #expect(outcome.exitCode == 64)
        #expect(outcome.output == "")
    }
}
