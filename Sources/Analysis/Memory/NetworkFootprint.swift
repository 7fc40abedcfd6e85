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

    /// Counts a design from outlines of few units a stage. Past the first of a stage all units are alike but for
    /// the x_l of every second one, so each two more add what two more added to the outline.
    init<Scalar: KernelScalar>(_ design: NetworkDesign, input: Shape, in precision: Scalar.Type) throws {
        func outline(unitsPerStage: Int) throws -> NetworkFootprint {
            var outline = design
            outline.unitsPerStage = unitsPerStage
            return NetworkFootprint(try Network<Scalar>(outline, parameters: ShapesAlone()), input: input)
        }
        let few = 2 + design.unitsPerStage % 2
        guard design.unitsPerStage > few else {
            self = try outline(unitsPerStage: design.unitsPerStage)
            return
        }
        let (short, long) = try (outline(unitsPerStage: few), outline(unitsPerStage: few + 2))
        let pairs = Double((design.unitsPerStage - few) / 2)
        self.init(
            units: design.unitCount, kept: short.kept + pairs * (long.kept - short.kept),
            parameters: short.parameters + pairs * (long.parameters - short.parameters),
            largestRow: short.largestRow, probedStages: short.probedStages)
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
