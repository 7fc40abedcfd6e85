import Conformance
import Tensors

/// The layers as lines of a terminal: stem, every run of equal units once, head.
struct LayerTable {
    /// What is said of a tensor.
    enum Extents {
        /// Channels and size of one image.
        case image
        /// All but the batch.
        case sample
    }

    private let listing: LayerListing
    private let extents: Extents
    private let style: TerminalStyle

    init(_ listing: LayerListing, _ extents: Extents = .image, style: TerminalStyle) {
        self.listing = listing
        self.extents = extents
        self.style = style
    }

    var text: [String] {
        let names =
            ["layer", "kind", "k", "s", "in", "out"] + (extents == .image ? ["size"] : [])
            + ["params", "mult-adds"]
        let blocks: [(heading: String?, layers: [LayerRecord])] =
            [(nil, listing.stem)] + listing.runs.flatMap(blocks(of:)) + [(nil, listing.head)]
        let cells = blocks.map { block in block.layers.map { self.cells($0) } }
        let all = [names] + cells.flatMap { $0 }
        let widths = fitting(names.indices.map { column in all.map { $0[column].count }.max() ?? 0 })
        let rows = zip(blocks, cells).flatMap { block, rows in
            (block.heading.map { [style.paint(" \($0)", .quiet)] } ?? []) + rows.map { line($0, widths) }
        }
        let others = TextLayout.leftOut(Array(names.dropFirst(widths.count)), width: style.width)
        return [style.paint(line(names, widths), .heading)] + rows + others.map { style.paint($0, .quiet) }
    }

    /// The widths of the columns that there is room for.
    private func fitting(_ widths: [Int]) -> [Int] {
        var (used, fitting): (Int, [Int]) = (0, [])
        for width in widths {
            guard fitting.isEmpty || used + 2 + width <= style.width else { break }
            used += 2 + width
            fitting.append(width)
        }
        return fitting
    }

    private func blocks(of run: UnitRun) -> [(heading: String?, layers: [LayerRecord])] {
        let (repetition, dash) = (run.repetition, style.either("–", "-"))
        let range = "\(repetition.first)\(dash)\(repetition.last)"
        return run.layers.indices.map { place in
            let (shortcut, unit) = ("shortcut: \(run.shortcuts[place])", repetition.first + place)
            let heading =
                switch (repetition.times, repetition.period, place) {
                case (1, _, _): "unit \(unit), \(shortcut)"
                case (_, 1, _): "units \(range), \(repetition.times) alike, \(shortcut); one of them:"
                case (_, _, 0):
                    "units \(range), \(repetition.times) times \(repetition.period) alike; unit \(unit), \(shortcut):"
                default: "unit \(unit), \(shortcut):"
                }
            return (heading, run.layers[place])
        }
    }

    private func cells(_ layer: LayerRecord) -> [String] {
        let times = style.either("×", "x")
        func sample(_ shape: Shape) -> String {
            shape.axes.dropFirst().map(\.description).joined(separator: times)
        }
        let tensors =
            extents == .image
            ? [
                layer.input.channels.description, layer.output.channels.description,
                "\(layer.output.height)\(times)\(layer.output.width)",
            ] : [sample(layer.input), sample(layer.output)]
        return [
            style.shown(layer.localName), layer.kind.word, layer.kernel.map(\.description) ?? "",
            layer.stride == 1 ? "" : layer.stride.description,
        ] + tensors + [
            layer.parameters == 0 ? "" : Quantity.grouped(layer.parameters),
            layer.multiplyAdds == 0 ? "" : Quantity.grouped(layer.multiplyAdds),
        ]
    }

    /// Names and kinds to the left, numbers to the right.
    private func line(_ cells: [String], _ widths: [Int]) -> String {
        let padded = widths.indices.map { column in
            column < 2
                ? TextLayout.padded(cells[column], to: widths[column])
                : TextLayout.leftPadded(cells[column], to: widths[column])
        }
        return "  " + padded.joined(separator: "  ")
    }
}
