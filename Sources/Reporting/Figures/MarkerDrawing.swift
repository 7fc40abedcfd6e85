/// The outline of a marker, as SVG.
enum MarkerDrawing {
    static func svg(_ marker: ChartSeries.Marker, _ colour: SeriesColour, x: Double, y: Double) -> String {
        let name = "mark \(isHollow(marker) ? "hollow " : "")\(colour.rawValue)"
        return "<path class=\"\(name)\" d=\"\(outline(marker, x, y))\"/>\n"
    }

    private static func isHollow(_ marker: ChartSeries.Marker) -> Bool {
        marker == .hollowCircle || marker == .hollowSquare
    }

    /// All of about one area.
    private static func outline(_ marker: ChartSeries.Marker, _ x: Double, _ y: Double) -> String {
        func n(_ coordinate: Double) -> String { ChartFrame.text(coordinate) }
        switch marker {
        case .circle, .hollowCircle:
            return "M\(n(x - 4)) \(n(y))a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z"
        case .diamond: return "M\(n(x)) \(n(y - 5.4))l5.4 5.4l-5.4 5.4l-5.4 -5.4Z"
        case .square, .hollowSquare: return "M\(n(x - 3.7)) \(n(y - 3.7))h7.4v7.4h-7.4Z"
        case .triangle: return "M\(n(x)) \(n(y - 5.2))l4.8 8.6h-9.6Z"
        }
    }
}
