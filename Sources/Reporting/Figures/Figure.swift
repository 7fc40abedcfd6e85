import Analysis

/// One figure of the report: a pure function from a result to a drawing.
public struct Figure: Sendable {
    /// The file's name without its extension: `gradient-norms`.
    public let name: String
    public let title: String
    /// What to look for, in a sentence or two.
    public let caption: String
    let chart: LineChart

    init(_ name: String, caption: String, chart: LineChart) {
        self.name = name
        title = chart.title
        self.caption = caption
        self.chart = chart
    }

    /// The drawing as a file: with its own style sheet, and values on hover as titles.
    public var svg: String { LineChartDrawing(chart, place: .file).svg }

    /// The drawing for a page that has `FigureStyle`.
    func inlineSVG(_ size: LineChartDrawing.Size) -> String {
        LineChartDrawing(chart, place: .page, size: size).svg
    }

    /// All figures of a report, in reading order.
    public static func all(_ result: AnalysisResult) -> [Figure] {
        [
            gradientNorms(result), forwardSignal(result), stageNorms(result), cosine(result),
            errors(result),
        ] + measured(result)
    }
}
