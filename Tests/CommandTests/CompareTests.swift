import BuiltProgram
import Foundation
import TemporaryFolders
import Testing

/// `propagate compare`.
struct CompareTests {
    @Test("Networks are ranked, with the numbers that they have alone")
    func comparison() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(
            ["compare", "scale0.5", "identity"] + SmallRun.options + ["--depth", "14", "--report", "r"],
            in: folder)
        #expect(outcome.exitCode == 0 && outcome.errors == "")
        #expect(outcome.output.contains("Ranked by how little the direct term changes per unit"))
        let report = try JSON(parsing: folder.text("r/comparison.json"))
        let networks = try #require(report["networks"]?.elements)
        #expect(networks.compactMap { $0["name"]?.string } == ["identity", "scale0.5"])
        for network in networks {
            let name = try #require(network["name"]?.string)
            let alone = try JSON(
                parsing: Program.run(
                    SmallRun.options + ["--depth", "14", "--shortcut", name, "--json", "-"]
                ).output)
            #expect(
                network["quantities"]?["direct_log10"]?["median"]
                    == alone["units"]?.elements?[0]["direct_log10"])
            #expect(network["network"]?["parameters"] == alone["network"]?["parameters"])
        }
        #expect(
            try folder.contents().filter { $0.contains(".") } == [
                "r/comparison.csv", "r/comparison.json", "r/figures/direct.svg",
                "r/figures/forward-signal.svg",
                "r/figures/total.svg", "r/manifest.json", "r/report.html", "r/report.md",
            ])
    }

    @Test("A network may be a configuration file, a depth, a unit or an option")
    func specifications() throws {
        let folder = try TemporaryFolder()
        try folder.write("unit: original\ndepth: 11\n", to: "mine.yaml")
        let outcome = try Program.run(
            ["compare", "mine.yaml", "8", "relu-only-preact", "width=2"] + SmallRun.quiet + [
                "--csv", "c.csv",
            ],
            in: folder)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        let lines = try folder.text("c.csv").split(separator: "\r\n").map { $0.split(separator: ",") }
        #expect(lines[0].prefix(7) == ["rank", "network", "block", "depth", "size-change", "unit", "width"])
        let found = Set(lines.dropFirst().map { $0[1..<7].joined(separator: " ") })
        #expect(
            found == [
                "mine.yaml bottleneck 11 projection original 1", "depth 8 basic 8 subsampling full-preact 1",
                "relu-only-preact single 5 subsampling relu-only-preact 1",
                "width=2 single 5 subsampling full-preact 2",
            ])
    }

    @Test("A configuration file may name the networks, and the command line more of them")
    func configuration() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "network: [identity, none]\ndepth: 5\nbatch: 2\ndata: noise\nrank-by: total\n", to: "c.yaml")
        let outcome = try Program.run(
            "compare", "original", "--configuration", "c.yaml", "--threads", "1", "--json", "-", in: folder)
        let report = try JSON(parsing: outcome.output)
        let names = report["networks"]?.elements?.compactMap { $0["name"]?.string }
        #expect(names.map(Set.init) == ["identity", "none", "original"])
        #expect(report["ranked_by"]?.string == "total")
    }

    @Test("A manifest tells what the networks start from, and names them so that they can be read back")
    func manifest() throws {
        let folder = try TemporaryFolder()
        try folder.write("shortcut: none\n", to: "my dir/it's a.yaml")
        try folder.write("batch: 4\ndepth: 5\ndata: noise\nthreads: 1\n", to: "c.yaml")
        let first = try Program.run(
            "compare", "identity", "my dir/it's a.yaml", "batch=2", "--configuration", "c.yaml", "--batch",
            "8",
            "--quiet", "--report", "a", in: folder)
        #expect(first.exitCode == 0, "\(first.errors)")
        let again = try Program.run(
            "compare", "--configuration", "a/manifest.json", "--quiet", "--report", "b", in: folder)
        #expect(again.exitCode == 0, "\(again.errors)")
        for report in ["a", "b"] {
            let manifest = try JSON(parsing: folder.text("\(report)/manifest.json"))["configuration"]
            #expect(manifest?["batch"]?.string == "8", "what holds where no network says otherwise")
            #expect(manifest?["network"]?.string == "identity 'my dir/it'\\''s a.yaml' batch=2")
        }
        #expect(try folder.text("a/comparison.csv") == folder.text("b/comparison.csv"))
    }

    static let refusals: [(arguments: String, beginning: String)] = [
        ("compare", "A comparison needs at least two networks, and none is named.\n"),
        ("compare identity", "A comparison needs at least two networks, and one is named.\n"),
        ("compare identity identity", "“identity” is named twice.\n"),
        (
            "compare identity identiy",
            "“identiy” names no network; did you mean identity? A network is named by"
        ),
        ("compare identity scale", "“scale” needs λ as a finite number.\n"),
        ("compare identity 21", "21: Depth 21 is impossible: "),
        ("compare identity none --detph 8", "Unknown option '--detph'. Did you mean '--depth'?\n"),
        ("compare identity none --rank-by x", "The value 'x' is invalid for '--rank-by <word>'."),
        ("compare identity none --seeds 0", "identity: --seeds must be at least 1, not 0.\n"),
    ]

    @Test("A wrong request is refused in one sentence", arguments: refusals)
    func refusal(arguments: String, beginning: String) throws {
        let outcome = try Program.run(arguments.split(separator: " ").map(String.init))
        #expect(outcome.errors.hasPrefix("Error: \(beginning)"), "\(outcome.errors)")
        #expect(outcome.errors.contains("\nUsage: propagate compare <network> <network> ... [<options>]\n"))
        #expect(outcome.exitCode == 64 && outcome.output == "")
    }
}
