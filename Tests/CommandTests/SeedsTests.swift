import BuiltProgram
import Foundation
import TemporaryFolders
import Testing

/// `--seeds`.
struct SeedsTests {
    @Test("Each seed is measured as it would be alone, and the median is the middle one")
    func seeds() throws {
        let folder = try TemporaryFolder()
        let options = SmallRun.quiet + ["--shortcut", "scale0.5"]
        let outcome = try Program.run(
            options + ["--seed", "4", "--seeds", "3", "--json", "all.json"], in: folder)
        #expect(outcome.exitCode == 0 && outcome.errors == "")
        let all = try JSON(parsing: folder.text("all.json"))
        let alone = try (4...6).map { seed in
            _ = try Program.run(options + ["--seed", "\(seed)", "--json", "one.json"], in: folder)
            return try JSON(parsing: folder.text("one.json"))
        }
        #expect(all["seeds"]?.elements?.map { $0["verdict"] } == alone.map { $0["verdict"] })
        for column in ["gradient_log10", "direct_log10", "forward_rms"] {
            let values = alone.compactMap { $0["units"]?.elements?[0][column]?.number }.sorted()
            let band = all["units"]?.elements?[0][column]
            #expect(values.count == 3 && band?["median"]?.number == values[1])
            #expect(band?["lower_quartile"]?.number == (values[0] + values[1]) / 2)
            #expect(band?["count"]?.number == 3)
        }
    }

    @Test("A report of several seeds has its files, and draws bands")
    func report() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(SmallRun.quiet + ["--seeds", "3", "--report", "r"], in: folder)
        #expect(outcome.exitCode == 0)
        let files = try folder.contents().filter { $0.contains(".") }
        #expect(
            files == [
                "r/figures/cosine.svg", "r/figures/forward-signal.svg", "r/figures/gradient-norms.svg",
                "r/figures/stage-norms.svg", "r/manifest.json", "r/report.html", "r/report.json",
                "r/report.md",
                "r/units.csv",
            ])
        #expect(try folder.text("r/figures/gradient-norms.svg").contains("class=\"area"))
    }

    @Test("Measurements of each seed are those it has alone, and single numbers have medians")
    func measurements() throws {
        let options =
            SmallRun.options + ["--measure", "cancellation,fits,parameter-gradients", "--json", "-"]
        let all = try JSON(parsing: Program.run(options + ["--seed", "4", "--seeds", "3"]).output)
        let alone = try (4...6).map { seed in
            try JSON(parsing: Program.run(options + ["--seed", "\(seed)"]).output)["measurements"]
        }
        #expect(all["seeds"]?.elements?.map { $0["measurements"] } == alone)
        let rows = try #require(all["measurements"]?.elements)
        #expect(!rows.isEmpty)
        for row in rows {
            let values = alone.compactMap { measured in
                measured?["scalars"]?.elements?.first { $0["name"] == row["name"] }?["value"]?.number
            }.sorted()
            #expect(values.count == 3 && row["median"]?.number == values[1])
        }
    }

    @Test("Conditions are judged on medians, and on each seed where they say so")
    func assertions() throws {
        // A bound between the middle loss and the largest: found, not assumed.
        let options = SmallRun.options + ["--seeds", "3", "--json", "-"]
        let losses = try #require(
            JSON(parsing: Program.run(options).output)["seeds"]?.elements?.compactMap { $0["loss"]?.number }
        ).sorted()
        try #require(losses.count == 3 && losses[1] < losses[2])
        let bound = (losses[1] + losses[2]) / 2
        let median = try Program.run(options + ["--assert", "loss < \(bound)"])
        #expect(median.exitCode == 0 && median.errors == "")
        let each = try Program.run(
            options + ["--assert", "every loss < \(bound)", "--assert", "every loss > 0"])
        #expect(each.exitCode == 1)
        #expect(each.errors.contains("“every loss < \(bound)” fails: "))
        #expect(each.errors.contains(" (with 1 of 3 seeds, first with "))
        let found = try JSON(parsing: each.output)["assertions"]?.elements?.map { $0["outcome"] }
        #expect(found == [.string("fails"), .string("holds")])
    }

    @Test("Seeds that cannot be are refused")
    func refusals() throws {
        let none = try Program.run("--seeds", "0")
        #expect(none.errors.hasPrefix("Error: --seeds must be at least 1, not 0.\n") && none.exitCode == 64)
        let export = try Program.run("--seeds", "2", "--export", "e")
        #expect(export.errors.hasPrefix("Error: --export writes one network, and --seeds asks for 2.\n"))
        #expect(export.exitCode == 64)
    }
}
