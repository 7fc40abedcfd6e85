import Foundation
import Prediction

/// A prediction on one screen: what is predicted, about a dozen rows, totals and growth, path lengths.
public enum PredictionReport {
    /// - Parameters:
    ///   - configuration: the network in words, in the order to be shown.
    ///   - note: what the reader should know first, such as a depth that was moved to a possible one.
    public static func text(
        _ trace: PredictedTrace, manifest: RunManifest, configuration: [String], note: String?,
        style: TerminalStyle
    ) -> String {
        let heading = TextLayout.flow(
            ["prediction"] + configuration.map(style.shown), gap: style.either(" · ", " - "),
            width: style.width - 1
        ).map { " " + style.paint($0.joined(separator: style.either(" · ", " - ")), .heading) }
        let notes =
            note.map { TextLayout.wrap("! " + style.shown($0), width: style.width, indent: " ") } ?? []
        let sections = [
            heading + RunSubject(manifest).terminal(style) + notes, table(trace, style),
            summary(trace, style),
        ]
        return sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    /// About a dozen rows, evenly spaced, with the first and the last.
    private static func table(_ trace: PredictedTrace, _ style: TerminalStyle) -> [String] {
        let last = trace.units.count - 1
        let count = min(last, 12)
        let rows = (0...max(count, 1)).map { trace.units[$0 * last / max(count, 1)] }
        let columns:
            [(heading: String, value: (PredictedUnit) -> Double?, band: (PredictedUnit) -> Double?)] = [
                ("forward RMS", { $0.forwardRMSLog10 }, { $0.forwardDeviation }),
                ("|g|/|g_L|", { $0.gradientLog10 }, { $0.gradientDeviation }),
                ("|d|/|g_L|", { $0.directLog10 }, { $0.directDeviation }),
                ("|w|/|g_L|", { $0.throughWeightsLog10 }, { _ in nil }),
            ]
        let head =
            "    unit  channels"
            + columns.map { TextLayout.leftPadded($0.heading, to: 18) }.joined()
        let lines = rows.map { row in
            TextLayout.leftPadded(Quantity.grouped(row.unit), to: 8)
                + TextLayout.leftPadded(Quantity.grouped(row.channels), to: 10)
                + columns.map { column in
                    TextLayout.leftPadded(cell(column.value(row), column.band(row), style), to: 18)
                }.joined()
        }
        let legend =
            " log10, "
            + style.either("±", "+-")
            + " one standard deviation of \(trace.seeds == 1 ? "one seed" : "the median of \(trace.seeds) seeds")"
        return [style.paint(legend, .quiet), style.paint(head, .heading)] + lines
    }

    private static func cell(_ value: Double?, _ band: Double?, _ style: TerminalStyle) -> String {
        guard let value else { return style.either("·", "-") + "        " }
        let number = NumberStyle.decimals(3).text(value, minus: style.minus)
        guard let band, band >= 0.0005 else { return number + "        " }
        return number + style.either(" ± ", " +-") + NumberStyle.decimals(3).text(band)
    }

    private static func summary(_ trace: PredictedTrace, _ style: TerminalStyle) -> [String] {
        guard let first = trace.units.first, let last = trace.units.last, trace.units.count > 1 else {
            return []
        }
        let units = Double(trace.units.count - 1)
        func growth(_ name: String, _ value: Double?) -> String {
            guard let value else { return "\(name): vanishes" }
            let perUnit =
                style.either("10^", "10^")
                + NumberStyle.decimals(5).text(value / units, minus: style.minus)
            return "\(name): \(Quantity.power(log10: value, minus: style.minus)) in all, \(perUnit) a unit"
        }
        let lengths = trace.pathLengths
        let forward = last.forwardRMSLog10.flatMap { end in first.forwardRMSLog10.map { end - $0 } }
        return [
            growth("x_L over x_0 (RMS)", forward),
            growth("g_0 over g_L", first.gradientLog10),
            growth("d_0 over g_L (shortcuts alone)", first.directLog10),
            growth("w_0 over g_L (through weights)", first.throughWeightsLog10),
            "path length: \(NumberStyle.decimals(1).text(lengths.mean)) "
                + style.either("±", "+-")
                + " \(NumberStyle.decimals(1).text(lengths.standardDeviation)) of \(Quantity.grouped(trace.units.count - 1)) branches",
            "mean squared singular value of dx_L/dx_0: "
                + (trace.meanSquaredSingularValueLog10.map { Quantity.power(log10: $0, minus: style.minus) }
                    ?? "0"),
        ].flatMap { TextLayout.hanging(" ", style.shown($0), width: style.width) }
    }
}
