import Foundation
import NumericalMethods

/// The vertical axis: its title, the range that was chosen for the data, and ticks at round values.
struct ValueAxis: Sendable {
    enum Scale: Sendable {
        case linear
        /// Values are log10 of what the labels say.
        case logarithmic
    }

    let title: String
    let scale: Scale
    let range: ClosedRange<Double>
    let ticks: [Double]
    private let step: Double

    /// - Parameters:
    ///   - data: least and greatest value to show; `nil` when there is none.
    ///   - limits: the axis never shows more than this (a cosine has no value above 1).
    ///   - tickCount: about how many ticks there is room for.
    init(
        title: String, scale: Scale, data: ClosedRange<Double>?, limits: ClosedRange<Double>? = nil,
        tickCount: Int = 6
    ) {
        let data = ValueAxis.widened(data ?? 0...1, atLeast: scale == .linear ? 1e-3 : 0.5)
        var step = ValueAxis.niceStep((data.upperBound - data.lowerBound) / Double(max(1, tickCount)))
        if scale == .logarithmic { step = max(step.rounded(.up), 1) }
        var lower = (data.lowerBound / step).rounded(.down) * step
        var upper = (data.upperBound / step).rounded(.up) * step
        // Round ends only where they cost little height: −101 … 57 is drawn from −125, but never from −200.
        let slack = (data.upperBound - data.lowerBound) * 0.06
        lower = max(lower, data.lowerBound - max(slack, step / 4))
        upper = min(upper, data.upperBound + max(slack, step / 4))
        if let limits, limits.overlaps(data) {
            lower = max(lower, limits.lowerBound)
            upper = min(upper, limits.upperBound)
        }
        self.title = title
        self.scale = scale
        self.step = step
        range = lower...upper
        let isShort = scale == .logarithmic && range.upperBound - range.lowerBound < 2
        ticks = isShort ? ValueAxis.ticksWithinDecades(range) : ValueAxis.multiples(of: step, in: range)
    }

    /// An axis for everything that the series hold.
    ///
    /// - Parameter including: values to show as well, if there is anything to show.
    init(
        title: String, scale: Scale, series: [ChartSeries], including: [Double] = [],
        limits: ClosedRange<Double>? = nil, tickCount: Int = 6
    ) {
        let ranges = series.compactMap(\.range)
        let values = ranges.map(\.lowerBound) + ranges.map(\.upperBound)
        let shown = values.isEmpty ? [] : values + including
        let data = shown.min().flatMap { least in shown.max().map { least...$0 } }
        self.init(title: title, scale: scale, data: data, limits: limits, tickCount: tickCount)
    }

    /// Where in the range a value lies: 0 at the bottom, 1 at the top.
    func position(_ value: Double) -> Double {
        (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    }

    /// The label of a tick.
    func label(_ tick: Double) -> String {
        switch scale {
        case .linear:
            step >= 1 && abs(tick) < 1e15
                ? Quantity.grouped(Int(saturating: tick.rounded())).replacing("-", with: "−")
                : NumberStyle.decimals(max(0, Int(saturating: -log10(step).rounded(.down)))).text(
                    tick, minus: "−")
        case .logarithmic:
            // Ticks between powers of ten exist only on short axes, where their labels are plain numbers.
            (-3.5...4.5).contains(tick) || tick != tick.rounded()
                ? NumberStyle.significant(1).text(pow(10, tick), minus: "−")
                : "10" + Quantity.superscript(Int(saturating: tick))
        }
    }

    /// 1, 2 or 5 times a power of ten, at least `rough`.
    static func niceStep(_ rough: Double) -> Double {
        guard rough > 0, rough.isFinite else { return 1 }
        let magnitude = pow(10, log10(rough).rounded(.down))
        let factor = [1, 2, 5].first { $0 * magnitude >= rough * 0.999 } ?? 10
        return factor * magnitude
    }

    static func multiples(of step: Double, in range: ClosedRange<Double>) -> [Double] {
        let first = (range.lowerBound / step - 1e-9).rounded(.up)
        let last = (range.upperBound / step + 1e-9).rounded(.down)
        guard first <= last, last - first < 1000 else { return [] }
        return stride(from: first, through: last, by: 1).map { $0 * step }
    }

    /// Logarithms of 1, 2 and 5 times the powers of ten, for an axis of less than two decades.
    private static func ticksWithinDecades(_ range: ClosedRange<Double>) -> [Double] {
        let decades =
            Int(saturating: range.lowerBound.rounded(.down))...Int(saturating: range.upperBound.rounded(.up))
        let ticks = decades.flatMap { decade in [1, 2, 5].map { Double(decade) + log10($0) } }
        return ticks.filter { range.contains($0) }
    }

    /// A constant still needs an axis of some height.
    private static func widened(_ range: ClosedRange<Double>, atLeast height: Double) -> ClosedRange<Double> {
        let height = max(height, abs(range.upperBound) * 1e-6)
        let missing = height - (range.upperBound - range.lowerBound)
        return missing > 0 ? (range.lowerBound - missing / 2)...(range.upperBound + missing / 2) : range
    }
}
