import Analysis
import Tensors
import Testing

@testable import Reporting

/// What lies over what in a drawing, and what is left out because it would hide something.
struct FigureLayerTests {
    /// `SyntheticResult.small` with theory a tenth of a decade above the measurement.
    private static func predicted() -> AnalysisResult {
        var result = SyntheticResult.small()
        for index in result.units.indices {
            var expected = PredictedMeasurement(
                forwardDeviation: 0.05, gradientDeviation: 0.25, directDeviation: 0.25)
            expected.gradientLog10 = result.units[index].gradientLog10.map { $0 + 0.1 }
            expected.directLog10 = result.units[index].directLog10.map { $0 + 0.1 }
            result.units[index].predicted = expected
        }
        return result
    }

    @Test("Measured lines lie over theory's, and those over their bands")
    func order() throws {
        let svg = Figure.gradientNorms(Self.predicted()).svg
        let legend = try #require(svg.firstRange(of: "class=\"legend\""))
        let body = svg[legend.upperBound...].drop { $0 != "\n" }
        let drawing = try #require(body.firstRange(of: "</g>")).upperBound
        func last(_ name: String) throws -> String.Index {
            try #require(svg[drawing...].ranges(of: "class=\"\(name)").last, "\(name)").lowerBound
        }
        let bands = try last("area expected vermilion")
        let theory = try (last("line expected blue"), last("line expected vermilion"))
        let measured = try (last("line plain blue"), last("line plain vermilion"))
        #expect(try bands < theory.0 && last("area expected blue") < theory.0)
        #expect(max(theory.0, theory.1) < min(measured.0, measured.1))
        // Nothing is drawn over the total but its own markers.
        #expect(try last("mark blue") > measured.0 && last("mark vermilion") < measured.0)
    }

    @Test("The through-weights term is drawn where it is not the total, and told everywhere")
    func throughWeights() {
        var result = SyntheticResult.small()
        // One line above l = 3, two below.
        for index in result.units.indices {
            result.units[index].throughWeights = LogNorm(
                result.units[index].gradientLog10.map { $0 - (index <= 3 ? 2 : 0) })
        }
        let total = ChartSeries("total", .blue, .plain, result.units.map(\.gradientLog10))
        let weights = ChartSeries("weights", .green, .plain, result.units.map(\.throughWeightsLog10))
        let apart = weights.apart(from: total, by: 0.01)
        #expect(apart.drawn.map { $0 != nil } == (0...12).map { $0 <= 4 })
        #expect(apart.values == weights.values && apart.label == "weights, elsewhere on the line of total")
        let same = total.apart(from: total, by: 0.01)
        #expect(same.drawn.allSatisfy { $0 == nil } && same.label == "total, on the line of total")
        #expect(weights.apart(from: total, by: -1).label == "weights")
        let titles = Figure.gradientNorms(result).svg.matches(of: #/through weights[^:\n]*: −?\d/#)
        #expect(titles.count == 13)
    }

    @Test("Lines are told apart by their markers, each at rows of its own", arguments: [3, 13, 54, 333])
    func markers(rows: Int) {
        let series = ChartSeries.Marker.allCases.enumerated().map { index, marker in
            ChartSeries("\(index)", .slate, .plain, Array(repeating: 1, count: rows)).marked(marker)
        }
        let chart = LineChart(
            title: "", axis: ValueAxis(title: "", scale: .linear, series: series), series: series, bands: [],
            rowCount: rows, rowName: { String($0) })
        let svg = LineChartDrawing(chart, subtitle: "", place: .page).svg
        // One in the legend, and from one to a dozen on the line.
        let marks = svg.matches(of: #/class="mark (hollow )?slate" d="M(?<x>[\d.]+) /#).map { String($0.x) }
        #expect(marks.count >= 12 && marks.count <= 6 * 15)
    }

    @Test("A figure says of which network it is, and why a line ends")
    func words() {
        var result = SyntheticResult.small()
        result.directVanishesAtUnit = 3
        for figure in Figure.all(result) {
            #expect(figure.svg.contains(">ResNet-26 · full-preact basic · scale0.5</text>"), "\(figure.name)")
        }
        #expect(Figure.gradientNorms(result).svg.contains("direct (shortcuts), exactly 0 for l ≤ 3"))
        #expect(
            Figure.all(SyntheticSeeds.five())[0].svg.contains(
                ">ResNet-26 · full-preact basic · scale0.5 · 5 seeds</text>"))
        #expect(
            NetworkWords(["depth": "50", "architecture": "imagenet"]).text == "ImageNet ResNet-50")
        #expect(NetworkWords([:]).text == "network")
    }

    @Test("Subscripts of SVG text are smaller and lower, and what follows is not")
    func subscripts() {
        #expect("loss".typesetForSVG(size: 12) == "loss")
        #expect(
            "‖d_l‖ < 1".typesetForSVG(size: 10)
                == "‖d<tspan dy=\"2.2\" font-size=\"7.4\">l</tspan><tspan dy=\"-2.2\">‖ &lt; 1</tspan>")
        #expect("y_l < 0".typesetForSVG(size: 10).hasSuffix(">\u{A0}&lt; 0</tspan>"))
        #expect("at x_47".typesetForSVG(size: 10).hasSuffix(">47</tspan>"))
        #expect("forward_rms".typesetForSVG(size: 10) == "forward_rms")
        #expect("at x_47 and x_l".typesetForHTML == "at x<sub>47</sub> and x<sub>l</sub>")
    }

    @Test("A page colours its drawings by custom properties, and a drawing in it brings no style of its own")
    func pages() {
        let inline = Figure.gradientNorms(SyntheticResult.small()).inlineSVG(.full)
        #expect(
            !inline.contains("<style>") && inline.contains("data-colours=\"blue,vermilion,green,purple\""))
        #expect(HTMLStyle.text.contains(".propagate-figure .blue { stroke: var(--blue); }"))
        #expect(HTMLStyle.text.contains("@media (prefers-color-scheme: dark)"))
    }
}
