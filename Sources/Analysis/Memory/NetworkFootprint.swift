import Kernels
import ResidualNetworks
import Tensors

/// Numbers of elements that a measurement of a network holds. In Double: a network that nobody could store is
/// counted too, to be refused with a figure.
struct NetworkFootprint {
    let units: Int
    /// What the linearizations keep.
    let kept: Double
    let parameters: Double
    /// Elements of the largest x_l.
    let largestRow: Double
    /// Stages that a probe starts from.
    private let probedStages: Int

    /// Counts a network that is already there.
    init<Scalar: KernelScalar>(_ network: Network<Scalar>, input: Shape) {
        let rows = network.rowShapes(for: input)
        var kept = Double(network.stem.keptElements(for: input))
        var keepsInput = false
        for (index, (unit, shape)) in zip(network.units, rows).enumerated() {
            let output = unit.outputShape(for: shape)
            // As in ForwardTrace, which lets go of every second x_l that a batch normalisation would keep.
            keepsInput = !(keepsInput && index > 0 && network.units[index - 1].canRepeatOutput)
            if !keepsInput, network.design.layout.leading.first == .normalization {
                kept -= Double(shape.count)
            }
            kept += Double(unit.shortcut.keptElements(for: shape))
            kept += Double(unit.branch.keptElements(for: shape))
            kept += Double(unit.after.keptElements(for: output))
        }
        self.init(
            units: network.units.count, kept: kept,
            parameters: network.parameters.reduce(0) { $0 + Double($1.count) },
            largestRow: Double(rows.map(\.count).max() ?? 0),
            probedStages: AnalysisOptions.Probes.stages.start(
                in: StagePartition(shapes: rows), unitCount: network.units.count
            ).count)
    }

    /// Counts a design from its outline.
    init<Scalar: KernelScalar>(_ design: NetworkDesign, input: Shape, in precision: Scalar.Type) throws {
        func count(_ design: NetworkDesign) throws -> NetworkFootprint {
            NetworkFootprint(try Network<Scalar>(design, parameters: ShapesAlone()), input: input)
        }
        let outline = DesignOutline(of: design)
        let short = try count(outline.outline)
        let totals = try outline.extrapolated { design in
            let footprint = try count(design)
            return [footprint.kept, footprint.parameters]
        }
        self.init(
            units: design.unitCount, kept: totals[0], parameters: totals[1], largestRow: short.largestRow,
            probedStages: short.probedStages)
    }

    private init(units: Int, kept: Double, parameters: Double, largestRow: Double, probedStages: Int) {
        self.units = units
        self.kept = kept
        self.parameters = parameters
        self.largestRow = largestRow
        self.probedStages = probedStages
    }

    /// How many x_l probes start from.
    func probedUnits(_ probes: AnalysisOptions.Probes) -> Int {
        switch probes {
        case .none: 0
        case .all: units
        case .stages: probedStages
        }
    }
}
