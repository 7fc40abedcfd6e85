import Analysis
import ResidualNetworks

/// The finished cells of a grid, and how they are to be shown.
public struct Sweep: Sendable {
    /// An option with its several values.
    public struct Axis: Sendable, Equatable {
        public let name: String
        public let values: [String]

        public init(name: String, values: [String]) {
            self.name = name
            self.values = values
        }
    }

    /// One measurement.
    public struct Cell: Sendable, Equatable {
        /// One value for each axis, in the axes' order.
        public let coordinates: [String]
        /// `nil` for a null.
        public let quantities: [String: Double?]
        public let checksHold: Bool
        public let seconds: Double

        public init(coordinates: [String], quantities: [String: Double?], checksHold: Bool, seconds: Double) {
            self.coordinates = coordinates
            self.quantities = quantities
            self.checksHold = checksHold
            self.seconds = seconds
        }
    }

    /// A cell without a result.
    public struct Failure: Sendable, Equatable {
        public let cell: String
        public let reason: String

        public init(cell: String, reason: String) {
            self.cell = cell
            self.reason = reason
        }
    }

    /// Axes of the grid, in the order in which they were said; seeds among them.
    public let axes: [Axis]
    public let cells: [Cell]
    public let failures: [Failure]
    /// Those that formulas give some cell, each once, in the order of the grid.
    public let functions: [DesignFunction]
    /// What the heat maps show.
    public let quantities: [SummaryQuantity]
    /// The axes that stand down and across; `nil` where too few have several values.
    public let rows: Axis?
    public let columns: Axis?
    /// The run; its configuration is what all cells share.
    public let manifest: RunManifest

    public init(
        axes: [Axis], cells: [Cell], failures: [Failure], functions: [DesignFunction] = [],
        quantities: [SummaryQuantity], rows: String? = nil, columns: String? = nil, manifest: RunManifest
    ) {
        self.axes = axes
        self.functions = functions
        self.cells = cells
        self.failures = failures
        self.quantities = quantities
        self.manifest = manifest
        let free = axes.filter { $0.name != Sweep.seed }
        let down = free.first { $0.name == rows }
        let across = free.first { $0.name == columns } ?? free.first { $0.name != rows }
        self.columns = across
        self.rows = down ?? free.first { $0 != across }
    }

    /// A sentence for every cell in which a check failed; which one, the cell's own report tells.
    public var checkFailures: [String] {
        cells.filter { !$0.checksHold }.map { cell in
            let place = zip(axes, cell.coordinates).map { "\($0.name)=\($1)" }.joined(separator: " ")
            return
                "A check fails in the cell \(place.isEmpty ? "of this sweep" : place); analyze tells which."
        }
    }
    public var allChecksHold: Bool { cells.allSatisfy(\.checksHold) }
    /// Whether every cell has its loss: it is missing where a forward pass left the range of its numbers.
    public var isComplete: Bool { cells.allSatisfy { $0.quantities["loss"].flatMap(\.self) != nil } }

    /// The axis that medians are taken over.
    static let seed = "seed"

    /// Seeds of each combination of the other axes.
    var seedCount: Int { axes.first { $0.name == Sweep.seed }?.values.count ?? 1 }

    /// Axes that are neither down nor across nor seeds: each combination has a heat map of its own.
    var facetAxes: [Axis] { axes.filter { $0.name != Sweep.seed && $0 != rows && $0 != columns } }

    /// Medians and quartiles of a quantity over the seeds of the cells that stand at these values.
    func band(_ quantity: SummaryQuantity, at place: [String: String]) -> (band: QuartileBand, cells: [Cell])
    {
        let found = cells.filter { cell in
            zip(axes, cell.coordinates).allSatisfy { axis, value in
                place[axis.name].map { $0 == value } ?? true
            }
        }
        let values = found.map { $0.quantities[quantity.name] ?? nil }
        // A seed that could not be measured has no value either.
        let missing = [Double?](repeating: nil, count: max(0, seedCount - found.count))
        return (QuartileBand(values + missing), found)
    }
}
