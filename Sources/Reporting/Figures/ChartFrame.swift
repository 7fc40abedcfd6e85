import NumericalMethods

/// The geometry of a drawing: where rows and values fall, in the drawing's units.
struct ChartFrame: Sendable {
    let size: LineChartDrawing.Size
    /// Room for the axis title and the longest label.
    let left: Double
    let right = 24.0
    /// Heading, legend and the names of the stages.
    let top: Double
    /// The middle of the legend's first line.
    let legendTop: Double
    let bottom = 56.0
    let lastRow: Int
    let axis: ValueAxis

    /// - Parameter heading: the height that the heading takes beyond a title.
    init(
        size: LineChartDrawing.Size, lastRow: Int, axis: ValueAxis, heading: Double, legendLines: Int = 1
    ) {
        legendTop = 46 + heading
        top = 86 + heading + 18 * Double(max(1, legendLines) - 1)
        self.size = size
        self.lastRow = lastRow
        self.axis = axis
        let longest = axis.ticks.map { axis.label($0).count }.max() ?? 0
        left = max(76, 42 + 7.2 * Double(longest))
    }

    var width: Double { size == .full ? 920 : 620 }
    var height: Double { (size == .full ? 314 : 264) + top }
    var plotWidth: Double { width - left - right }
    var plotHeight: Double { height - top - bottom }
    var plotRight: Double { width - right }
    var plotBottom: Double { height - bottom }

    /// Rows keep half a step of room at either side, so that the first and last can be pointed at.
    func x(row: Double) -> Double { left + (row + 0.5) / Double(lastRow + 1) * plotWidth }

    func y(_ value: Double) -> Double { plotBottom - axis.position(value) * plotHeight }

    /// One decimal is a tenth of a pixel: enough, and half the size of the file.
    static func text(_ coordinate: Double) -> String {
        guard abs(coordinate) < 1e9 else { return "0" }
        let tenths = Int(saturating: (coordinate * 10).rounded())
        let whole = tenths / 10
        let rest = abs(tenths % 10)
        let sign = tenths < 0 && whole == 0 ? "-" : ""
        return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
    }
}
