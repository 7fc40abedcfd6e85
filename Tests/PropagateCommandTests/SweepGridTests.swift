import Configuration
import Testing

@testable import PropagateCommand

struct SweepGridTests {
    private func grid(_ words: String) throws -> SweepGrid {
        let scan = try CommandLineScan(
            words.split(separator: " ").map(String.init), keys: try CommandKeys.measured())
        return try SweepGrid(scan.configuration)
    }

    @Test("Every combination is a cell, in the order of the axes")
    func combinations() throws {
        let grid = try grid("--batch 2 --depth 20,32 --shortcut none,scale0.5 --seeds 2")
        #expect(grid.axes.map(\.name) == ["depth", "shortcut", "seed"])
        #expect(
            grid.cells.map(\.coordinates) == [
                ["20", "none", "0"], ["20", "none", "1"], ["20", "scale0.5", "0"], ["20", "scale0.5", "1"],
                ["32", "none", "0"], ["32", "none", "1"], ["32", "scale0.5", "0"], ["32", "scale0.5", "1"],
            ])
        #expect(grid.cells.allSatisfy { $0.request.run.batch == 2 && $0.request.run.threadCount == 1 })
    }

    @Test("No option is one cell, the default run on one thread")
    func single() throws {
        let grid = try grid("")
        #expect(grid.axes.isEmpty && grid.cells.count == 1)
        #expect(grid.cells[0].configuration["depth"] == "110")
    }

    @Test("A key depends on what is measured, not on how it was said")
    func keys() throws {
        let plain = try grid("--depth 20,32").cells.map(\.key)
        #expect(
            try grid("--depth 32 --depth=20 --seed 0 --shortcut identity").cells.map(\.key)
                == plain.reversed())
        #expect(try grid("--depth 20,32 --block basic").cells.map(\.key) == plain)
        #expect(Set(try grid("--depth 20,32 --seed 0-1").cells.map(\.key)).intersection(plain).count == 2)
        for other in ["--batch 8", "--precision double", "--threads 2", "--data noise", "--probe none"] {
            #expect(
                Set(try grid("--depth 20,32 \(other)").cells.map(\.key)).isDisjoint(with: plain), "\(other)")
        }
    }

    @Test("A key names the program's version, so that another one's cells are measured anew")
    func version() throws {
        #expect(try grid("").cells[0].key.split(separator: "\n").contains("propagate=\(ToolVersion.current)"))
    }

    @Test("Every option that is measured with is part of a key")
    func completeness() throws {
        let configuration = try grid("").cells[0].configuration
        let unsaid: Set = ["after", "let", "init"]
        for key in try CommandKeys.measured() {
            #expect((configuration[key.name] == nil) == unsaid.contains(key.name), "\(key.name)")
        }
        let said = try grid("--after tanh --let a=1 --init b=2").cells[0].configuration
        #expect(unsaid.allSatisfy { said[$0] != nil })
    }

    static let refusals: [(words: String, sentence: String)] = [
        (
            "--seed 1,2 --seeds 3",
            "--seeds counts seeds from one on, so --seed must name one value beside it."
        ),
        ("--threads 1,2", "--threads must be one value: it is shared by all cells."),
        ("--width 1-200 --seed 0-99", "The grid has 20000 cells, and at most 10000 are possible."),
        (
            "--shortcut identity,identiy --depth 20",
            """
            shortcut identiy: Unknown shortcut “identiy”; did you mean identity? Known are: identity, none, \
            scaleλ[,μ], gate-exclusive:b, gate-shortcut:b, conv1x1, dropoutp, expr:φ.
            """
        ),
    ]

    @Test("Impossible grids are refused before anything is measured", arguments: refusals)
    func refusal(words: String, sentence: String) {
        let error = #expect(throws: SweepError.self) { try grid(words) }
        #expect(error?.description == sentence)
    }
}
