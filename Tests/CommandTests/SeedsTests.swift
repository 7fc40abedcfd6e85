import Foundation
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

    @Test("Seeds that cannot be are refused")
    func refusals() throws {
        let none = try Program.run("--seeds", "0")
        #expect(none.errors.hasPrefix("Error: --seeds must be at least 1, not 0.\n") && none.exitCode == 64)
        let export = try Program.run("--seeds", "2", "--export", "e")
        #expect(export.errors.hasPrefix("Error: --export writes one network, and --seeds asks for 2.\n"))
        #expect(export.exitCode == 64)
    }
}
