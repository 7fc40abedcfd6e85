import Foundation
import Testing

@testable import Reporting

struct SweepTests {
    @Test("Cells hold medians over the seeds, nulls and missing cells apart")
    func medians() throws {
        let map = try #require(SyntheticSeeds.sweep().heatMaps.first)
        #expect(map.columnTitle == "depth" && map.rowTitle == "shortcut")
        // −1.5 · column · (row + 1) plus the median of 0, ¼, 1.
        #expect(map.cells[1].map(\.value) == [-1.25, -2.75])
        #expect(map.cells[0].map(\.checksHold) == [false, true])
        #expect(map.text(map.cells[0][0], minus: "-") == "0.25 !")
        #expect(map.cells[2][1].value == nil && map.cells[2][1].isMeasured)
        #expect(map.text(map.cells[2][1], minus: "-") == "–")
    }

    @Test("Too few seeds give no median")
    func missingSeeds() throws {
        // Two of three seeds of depth 56 and dropout0.5 were measured; their loss still has a median.
        let map = try #require(SyntheticSeeds.sweep().heatMaps.last)
        #expect(map.quantity == "loss" && map.cells[2][1].value == 2.25)
    }

    @Test("Axes stand where they are told to")
    func axes() {
        let sweep = SyntheticSeeds.sweep(rows: "depth")
        #expect(sweep.rows?.name == "depth" && sweep.columns?.name == "shortcut")
        let other = SyntheticSeeds.sweep(rows: "depth", columns: "shortcut")
        #expect(other.rows?.name == "depth" && other.columns?.name == "shortcut")
        #expect(SyntheticSeeds.sweep(columns: "shortcut").rows?.name == "depth")
    }

    @Test("Further axes have a heat map for each of their values")
    func facets() {
        let axes = ["a", "b", "c"].map { Sweep.Axis(name: $0, values: ["1", "2"]) }
        let sweep = Sweep(
            axes: axes, cells: [], failures: [], quantities: [SummaryQuantity.all[0]],
            manifest: SyntheticResult.manifest)
        #expect(sweep.heatMaps.map(\.title).count == 2)
        #expect(sweep.heatMaps.last?.title.hasSuffix(", c 2") == true)
        #expect(sweep.heatMaps.allSatisfy { $0.range == nil })
    }

    @Test("A sweep of one cell, or of seeds alone, is drawn too")
    func degenerate() {
        for axes in [[], [Sweep.Axis(name: "seed", values: ["0"])]] {
            let sweep = Sweep(
                axes: axes,
                cells: [
                    .init(
                        coordinates: axes.map { $0.values[0] }, quantities: ["loss": 2], checksHold: true,
                        seconds: 1)
                ], failures: [], quantities: [SummaryQuantity.named("loss")].compactMap(\.self),
                manifest: SyntheticResult.manifest)
            #expect(sweep.heatMaps[0].cells == [[sweep.heatMaps[0].cells[0][0]]])
            #expect(SweepReport(sweep).terminal(TerminalStyle()).contains("2.000"))
        }
    }

    @Test("The CSV quotes what RFC 4180 wants quoted")
    func csv() {
        let lines = SweepReport(SyntheticSeeds.sweep()).csv().split(separator: "\r\n")
        #expect(lines.count == 1 + SyntheticSeeds.sweep().cells.count)
        #expect(lines[0].hasPrefix("depth,shortcut,seed,checks_hold,direct_log10_per_unit,"))
        #expect(lines.contains { $0.hasPrefix("20,\"scale0.5,0.5\",0,true,,") })
    }

    // Contrast of WCAG 2: at least 4.5 for text.
    @Test("Numbers are readable on every colour of the map")
    func contrast() {
        for step in 0...100 {
            let colour = HeatColour(share: Double(step) / 100)
            let luminance = luminance(colour)
            let contrast =
                colour.wantsDarkText ? (luminance + 0.05) / 0.05 : 1.05 / (luminance + 0.05)
            #expect(contrast >= 4.5, "\(step) %: \(contrast)")
        }
        let luminances = (0...100).map { luminance(HeatColour(share: Double($0) / 100)) }
        #expect(luminances == luminances.sorted(), "lightness follows the value")
    }

    /// By the definition of sRGB, not by the approximation under test.
    private func luminance(_ colour: HeatColour) -> Double {
        func linear(_ channel: Double) -> Double {
            let value = channel / 255
            return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue)
    }
}
