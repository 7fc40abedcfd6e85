import Conformance

/// The layers as lines of a terminal: stem, every run of equal units once, head.
struct LayerTable {
    private let listing: LayerListing
    private let style: TerminalStyle

    init(_ listing: LayerListing, style: TerminalStyle) {
        self.listing = listing
        self.style = style
    }

    var text: [String] {
        let names = ["layer", "kind", "k", "s", "in", "out", "size", "params", "mult-adds"]
        let blocks: [(heading: String?, layers: [LayerRecord])] =
            [(nil, listing.stem)] + listing.runs.map { (heading($0), $0.layers) } + [(nil, listing.head)]
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

    private func heading(_ run: UnitRun) -> String {
        let shortcut = "shortcut: \(run.shortcut)"
        guard run.last > run.first else { return "unit \(run.first), \(shortcut)" }
        let range = "\(run.first)\(style.either("–", "-"))\(run.last)"
        return "units \(range), \(run.last - run.first + 1) alike, \(shortcut); one of them:"
    }

    private func cells(_ layer: LayerRecord) -> [String] {
        [
            style.shown(layer.localName), layer.kind.word, layer.kernel.map(\.description) ?? "",
            layer.stride == 1 ? "" : layer.stride.description, layer.input.channels.description,
            layer.output.channels.description,
            "\(layer.output.height)\(style.either("×", "x"))\(layer.output.width)",
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
