import Analysis

/// One figure of the report: a pure function from a result to a drawing.
public struct Figure: Sendable {
    /// The file's name without its extension: `gradient-norms`.
    public let name: String
    public let title: String
    /// What to look for, in a sentence or two.
    public let caption: String
    /// Of which network it is; empty where nothing was said.
    private var subtitle = ""
    private let content: Content

    private enum Content: Sendable {
        case lines(LineChart)
        case heatMap(HeatMap)
    }

    init(_ name: String, caption: String, chart: LineChart) {
        self.name = name
        title = chart.title
        self.caption = caption
        content = .lines(chart)
    }

    init(_ name: String, caption: String, heatMap: HeatMap) {
        self.name = name
        title = heatMap.title
        self.caption = caption
        content = .heatMap(heatMap)
    }

    /// The drawing as a file: with its own style sheet, and values on hover as titles.
    public var svg: String { drawing(for: .file, size: .full) }

    /// The drawing for a page that has `FigureStyle`.
    func inlineSVG(_ size: LineChartDrawing.Size) -> String { drawing(for: .page, size: size) }

    private func drawing(for place: LineChartDrawing.Place, size: LineChartDrawing.Size) -> String {
        switch content {
        case .lines(let chart): LineChartDrawing(chart, subtitle: subtitle, place: place, size: size).svg
        case .heatMap(let map):
            switch map.detail {
            case .numbers: HeatMapDrawing(map, subtitle: subtitle, place: place).svg
            case .colours: HeatFieldDrawing(map, subtitle: subtitle, place: place).svg
            }
        }
    }

    /// The figure with the network's words below its title.
    func of(_ network: String) -> Figure {
        var figure = self
        figure.subtitle = network
        return figure
    }

    /// All figures of a report, in reading order.
    public static func all(_ result: AnalysisResult) -> [Figure] {
        let figures =
            [
                gradientNorms(result), forwardSignal(result), stageNorms(result), cosine(result),
                errors(result),
            ] + measured(result)
        return figures.map { $0.of(NetworkWords(result.network).text) }
    }
}
