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
        let widths = names.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        let rows = zip(blocks, cells).flatMap { block, rows in
            (block.heading.map { [style.paint(" \($0)", .quiet)] } ?? []) + rows.map { line($0, widths) }
        }
        return [style.paint(line(names, widths), .heading)] + rows
    }

    private func heading(_ run: UnitRun) -> String {
        guard run.last > run.first else { return "unit \(run.first)" }
        let range = "\(run.first)\(style.either("–", "-"))\(run.last)"
        return "units \(range), \(run.last - run.first + 1) alike; one of them:"
    }

    /// A layer that another path owns says whose it is.
    private func cells(_ layer: LayerRecord) -> [String] {
        let name = layer.isShared ? "\(layer.part.rawValue): \(layer.localName)" : layer.localName
        return [
            style.shown(name), layer.kind.word, layer.kernel.map(\.description) ?? "",
            layer.stride == 1 ? "" : layer.stride.description, layer.inputChannels.description,
            layer.outputChannels.description, "\(layer.height)\(style.either("×", "x"))\(layer.width)",
            layer.parameters == 0 ? "" : Quantity.grouped(layer.parameters),
            layer.multiplyAdds == 0 ? "" : Quantity.grouped(layer.multiplyAdds),
        ]
    }

    /// Names and kinds to the left, numbers to the right.
    private func line(_ cells: [String], _ widths: [Int]) -> String {
        let padded = cells.indices.map { column in
            column < 2
                ? TextLayout.padded(cells[column], to: widths[column])
                : TextLayout.leftPadded(cells[column], to: widths[column])
        }
        return TextLayout.fit(
            "  " + padded.joined(separator: "  "), width: style.width, ellipsis: style.either("…", "..."))
    }
}
