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
    /// Elements of the largest tensor that a sweep works on.
    let largestTensor: Double
    /// Stages that a probe starts from.
    private let probedStages: Int

    /// Counts what is already there.
    ///
    /// - Parameter toParameters: whether a backward pass to the parameters is counted too.
    init(
        _ subject: any MeasuredSubject, _ plan: EvaluationPlan, _ checkpointing: Checkpointing,
        toParameters: Bool
    ) {
        let (model, parameters) = (subject.model, subject.parameterExtents)
        let forParameters =
            toParameters
            ? model.trainingPlan(derivativesTo: Set(parameters.map(\.value)), checkpointing) : plan
        self.init(
            units: model.units.count, kept: plan.keptElements + plan.recomputedElements,
            keptForParameters: forParameters.keptElements + forParameters.recomputedElements,
            parameters: parameters.reduce(0) { $0 + Double($1.count) },
            largestTensor: Double(subject.largestTensor), probedStages: model.rowsProbed(.stages).count)
    }

    /// Counts a design from its outline.
    ///
    /// - Parameter probes: whose rows are kept; `nil` where none is.
    init(
        _ design: NetworkDesign, batch: Int, mode: NetworkGraph.Mode, keeping probes: AnalysisOptions.Probes?,
        _ checkpointing: Checkpointing, toParameters: Bool
    ) throws {
        let outline = DesignOutline(of: design)
        let held = try outline.heldElements(checkpointing) { design, checkpointing in
            let model = try design.model(batch: batch, mode: mode)
            let rows = (probes.map(model.model.rowsProbed) ?? []).flatMap { model.model.rows[$0].values }
            let staying = rows.reduce(0) { $0 + Double(model.graph.nodes[$1].shape.count) }
            return (model, model.model.measuringPlan(keeping: Set(rows), checkpointing), staying)
        }
        let heldForParameters =
            try toParameters
            ? outline.heldElements(checkpointing) { design, checkpointing in
                let model = try design.model(batch: batch, mode: mode)
                return (model, model.planToParameters(checkpointing), 0)
            } : held
        let short = try outline.outline.model(batch: batch, mode: mode)
        self.init(
            units: design.unitCount, kept: held.total, keptForParameters: heldForParameters.total,
            parameters: Double(try ParameterCount(of: design).elements),
            largestTensor: Double(short.model.largestRow),
            probedStages: short.model.rowsProbed(.stages).count)
    }

    private init(
        units: Int, kept: Double, keptForParameters: Double, parameters: Double, largestTensor: Double,
        probedStages: Int
    ) {
        self.units = units
        self.kept = kept
        self.keptForParameters = keptForParameters
        self.parameters = parameters
        self.largestTensor = largestTensor
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

extension NetworkModel {
    fileprivate func planToParameters(_ checkpointing: Checkpointing) -> EvaluationPlan {
        model.trainingPlan(derivativesTo: Set(parameters.map(\.value)), checkpointing)
    }
}

extension ResidualModel {
    /// The l that probes start from.
    fileprivate func rowsProbed(_ probes: AnalysisOptions.Probes) -> [Int] {
        probes.start(in: StagePartition(self), unitCount: units.count)
    }
}

extension MeasuredSubject {
    /// Values of trainable tensors, with their elements.
    fileprivate var parameterExtents: [(value: Graph.ValueID, count: Int)] {
        parameters.map { ($0.value, $0.count) }
    }
}
