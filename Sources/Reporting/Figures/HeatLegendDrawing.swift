/// The legend of a heat map: a strip of the colours with the values at its ends and in its middle.
struct HeatLegendDrawing {
    private let map: HeatMap
    private let x: Double
    private let y: Double
    static let length = 240.0

    /// - Parameters:
    ///   - x: of the strip's left end.
    ///   - y: of its upper edge.
    init(_ map: HeatMap, x: Double, y: Double) {
        self.map = map
        self.x = x
        self.y = y
    }

    /// Empty where there are no two values to tell apart.
    var svg: String {
        guard let range = map.colourRange, range.upperBound > range.lowerBound else { return "" }
        let (steps, length) = (40, HeatLegendDrawing.length)
        let strip = (0..<steps).map { step in
            let colour = HeatColour(share: (Double(step) + 0.5) / Double(steps)).hexadecimal
            let start = x + length * Double(step) / Double(steps)
            return """
                <rect x="\(n(start))" y="\(n(y))" width="\(n(length / Double(steps) + 0.8))" height="10" \
                fill="\(colour)"/>

                """
        }
        let middle = (range.lowerBound + range.upperBound) / 2
        let labels = [
            (range.lowerBound, 0.0, "start"), (middle, 0.5, "middle"), (range.upperBound, 1, "end"),
        ]
        .map { value, share, anchor in
            """
            <text x="\(n(x + length * share))" y="\(n(y + 26))" text-anchor="\(anchor)" \
            class="tick">\(map.style.text(value, minus: "−").escapedForXML)</text>

            """
        }
        return strip.joined() + labels.joined()
    }

    private func n(_ coordinate: Double) -> String { ChartFrame.text(coordinate) }
}
