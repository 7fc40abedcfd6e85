import Analysis
import Foundation
import Reporting
import ResultStore
import Synchronization

/// Runs what is missing of a sweep, telling the person who watches.
struct SweepRun {
    let grid: SweepGrid
    let store: ResultStore
    let jobs: Int
    let isQuiet: Bool

    /// - Returns: the cells that could not be measured.
    func run() throws -> [SweepRunner.Failure] {
        let stored = try store.cells(grid.cells.map(\.key))
        let missing = grid.cells.filter { stored[$0.key] == nil }
        if !missing.isEmpty { try store.requireWritable() }
        try announce(stored: stored.count, missing: missing.count)
        let watch = InterruptionNote(
            sentence: "stopped: what is finished is in \(store.path); start again to go on.")
        defer { watch.end() }
        let done = Mutex(0)
        let total = missing.count
        return try SweepRunner(store: store, jobs: jobs) { cell, seconds in
            let count = done.withLock { done in
                done += 1
                return done
            }
            tell("[\(count)/\(total)] \(cell.name): \(String(format: "%.2f", seconds)) s")
        }.run(missing)
    }

    private func announce(stored: Int, missing: Int) throws {
        if stored > 0 {
            tell("\(stored) of \(grid.cells.count) cells are in \(store.path); \(missing) to measure.")
        }
        let others = try store.count(otherThan: ToolVersion.current)
        if others > 0 {
            tell(
                "\(others) cells in \(store.path) are of another version of propagate, and are left as they are."
            )
        }
    }

    private func tell(_ line: String) {
        if !isQuiet { StandardStream.tell(line) }
    }
}

extension Sweep {
    /// What the store holds of a grid.
    init(
        _ grid: SweepGrid, store: ResultStore, failures: [SweepRunner.Failure], options: SweepOptions
    ) throws {
        let stored = try store.cells(grid.cells.map(\.key))
        let cells = grid.cells.compactMap { cell in
            stored[cell.key].map { found in
                Sweep.Cell(
                    coordinates: cell.coordinates, quantities: found.quantities, checksHold: found.checksHold,
                    seconds: found.seconds)
            }
        }
        self.init(
            axes: grid.axes.map { Axis(name: $0.name, values: $0.values) }, cells: cells,
            failures: failures.map { Failure(cell: $0.cell.name, reason: $0.reason) },
            functions: grid.cells.flatMap(\.request.design.functions).reduce(into: []) {
                if !$0.contains($1) { $0.append($1) }
            },
            quantities: try options.quantities(), rows: options.rows, columns: options.columns,
            manifest: try Self.manifest(grid, stored, options))
    }

    /// The run, with what all cells share and the values of the axes.
    private static func manifest(
        _ grid: SweepGrid, _ stored: [String: StoredCell], _ options: SweepOptions
    ) throws -> RunManifest {
        let (shared, request) = (grid.shared, grid.cells[0].request)
        var data = try CellImages(stored).provenance(of: grid)
        if shared["batch"] != nil { data?.parts = [.init(role: .batch, images: request.run.batch)] }
        var manifest = RunManifest(of: request, on: data)
        manifest.configuration = manifest.configuration.filter { shared[$0.key] != nil }
        for axis in grid.axes { manifest.configuration[axis.name] = axis.values.joined(separator: ",") }
        if !grid.axes.isEmpty {
            manifest.configuration[SweepGrid.axesName] = grid.axes.map(\.name).joined(separator: ",")
        }
        manifest.configuration["seeds"] = nil
        manifest.configuration["quantity"] = options.quantity
        manifest.configuration["rows"] = options.rows
        manifest.configuration["columns"] = options.columns
        return manifest
    }
}
