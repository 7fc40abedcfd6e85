import Graphs
import Kernels
import ResidualNetworks
import Tensors

/// Numbers of elements that a measurement of a network holds. In Double: a network that nobody could store is
/// counted too, to be refused with a figure.
struct NetworkFootprint {
    let units: Int
    /// What derivatives read, buffers, and what is recomputed of it at a time.
    let kept: Double
    /// The same of a backward pass to the parameters.
    let keptForParameters: Double
    let parameters: Double
    /// Elements of the largest x_l.
    let largestRow: Double
    /// Stages that a probe starts from.
    private let probedStages: Int

    /// Counts a model that is already there.
    ///
    /// - Parameter toParameters: whether a backward pass to the parameters is counted too.
    init(
        _ model: NetworkModel, _ plan: EvaluationPlan, _ checkpointing: Checkpointing, toParameters: Bool
    ) {
        let rows = model.rowShapes
        let forParameters =
            toParameters
            ? model.model.trainingPlan(derivativesTo: Set(model.parameters.map(\.value)), checkpointing)
            : plan
        self.init(
            units: model.model.units.count, kept: plan.keptElements + plan.recomputedElements,
            keptForParameters: forParameters.keptElements + forParameters.recomputedElements,
            parameters: model.parameters.reduce(0) { $0 + Double($1.count) },
            largestRow: Double(model.largestRow),
            probedStages: AnalysisOptions.Probes.stages.start(
                in: StagePartition(shapes: rows), unitCount: model.model.units.count
            ).count)
    }

    /// Counts a design from its outline.
    ///
    /// - Parameter probes: whose rows are kept; `nil` where none is.
    init(
        _ design: NetworkDesign, batch: Int, mode: NetworkGraph.Mode, keeping probes: AnalysisOptions.Probes?,
        _ checkpointing: Checkpointing, toParameters: Bool
    ) throws {
        func count(_ design: NetworkDesign) throws -> NetworkFootprint {
            let model = try design.model(batch: batch, mode: mode)
            let stages = StagePartition(shapes: model.rowShapes)
            let kept = probes?.start(in: stages, unitCount: model.model.units.count) ?? []
            let rows = kept.flatMap { model.model.rows[$0].values }
            let plan = model.model.measuringPlan(keeping: Set(rows), checkpointing)
            return NetworkFootprint(model, plan, checkpointing, toParameters: toParameters)
        }
        let outline = DesignOutline(of: design)
        let short = try count(outline.outline)
        let totals = try outline.extrapolated { design in
            let footprint = try count(design)
            return [footprint.kept, footprint.parameters, footprint.keptForParameters]
        }
        self.init(
            units: design.unitCount, kept: totals[0], keptForParameters: totals[2], parameters: totals[1],
            largestRow: short.largestRow, probedStages: short.probedStages)
    }

    private init(
        units: Int, kept: Double, keptForParameters: Double, parameters: Double, largestRow: Double,
        probedStages: Int
    ) {
        self.units = units
        self.kept = kept
        self.keptForParameters = keptForParameters
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
