/// What stands over every drawing: its title, and of which network it is, so that a figure pasted alone still says so.
struct FigureHeading: Sendable {
    let title: String
    let subtitle: String

    /// Added to the place of everything below, in the drawing's units: 0 without a subtitle.
    var extraHeight: Double { subtitle.isEmpty ? 0 : 18 }

    func svg(x: Double) -> String {
        let left = ChartFrame.text(x)
        let below =
            subtitle.isEmpty
            ? "" : "<text x=\"\(left)\" y=\"45\">\(subtitle.typesetForSVG(size: 12))</text>\n"
        return
            "<text x=\"\(left)\" y=\"26\" class=\"title\">\(title.typesetForSVG(size: 16))</text>\n\(below)"
    }
}
