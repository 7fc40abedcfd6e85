import Analysis
import Graphs
import Kernels
import ResidualNetworks
import Training

/// Trains one row with one seed: measures at initialisation, trains, measures again. Goes on from the last checkpoint
/// where an earlier process was stopped.
struct CellTraining {
    let row: PaperRow
    let seed: UInt64
    let scale: ConfirmationScale
    let data: ConfirmationData
    /// Of this row and seed alone.
    let checkpoints: CheckpointFolder
    let checkpointing: Checkpointing

    /// - Parameter observe: told of the beginning and of every point of the curve.
    /// - Throws: an error of the network, of the data, of the analysis or of a checkpoint; a loss that is not finite is
    ///   a result.
    func run(_ observe: @escaping (ConfirmationRunner.Event) -> Void) throws -> ConfirmationCell {
        let start = ContinuousClock.now
        let design = try row.design(input: data.shape, classes: data.classes, baseWidth: scale.baseWidth)
        let source = HeInitialization(seed: seed)
        let before = try analyse(try Network<Float>(design, parameters: source), probes: .stages)
        let step = try TrainingStep<Float>(
            design, scale.recipe.optimization, checkpointing: checkpointing, seed: seed)
        let trainer = Trainer<Float>(step, iterations: scale.recipe.iterations) { iteration in
            try data.batch(seed, iteration)
        }
        var (state, result) = try beginning(design, source)
        observe(.began(iteration: state.iteration))
        let earlier = result.seconds
        func seconds() -> Double { earlier + (ContinuousClock.now - start) / .seconds(1) }
        var observer = CellObserver(
            design: design, iterations: scale.recipe.iterations, interval: scale.evaluationInterval,
            data: data, checkpoints: checkpoints, result: result, seconds: seconds
        ) { observe(.reached($0)) }
        var ending = ConfirmationCell.Ending.finished
        do {
            try trainer.run(&state, observer: &observer)
        } catch TrainingError.notFinite(let iteration, let place) {
            ending = .notFinite(iteration: iteration, unit: place.unit)
        }
        result = observer.result
        if ending == .finished, case .exploded(let explosion) = result.completedEnding(classes: data.classes)
        {
            ending = .exploded(explosion)
        }
        let brokeOff = if case .notFinite = ending { true } else { false }
        let after =
            !brokeOff
            ? try analyse(try Network<Float>(design, parameters: state.parameters)).negativeShares : []
        return ConfirmationCell(
            row: row.identity, seed: seed, initial: InitialMeasurement(before),
            curve: zip(result.curve, result.evaluations).map(CurvePoint.init), ending: ending,
            negativeSharesAfter: after, seconds: seconds())
    }

    /// The state of the last checkpoint, or the one that training starts from, with the result so far.
    private func beginning(
        _ design: NetworkDesign, _ source: HeInitialization
    ) throws -> (TrainingState<Float>, TrainingResult) {
        let state = try TrainingState<Float>(design, from: source)
        let result = TrainingResult(
            configuration: ["row": row.identity], recipe: scale.recipe, seed: seed,
            parameters: state.parameters.count, trainingImages: data.trainingCount,
            testImages: data.testCount)
        guard let stored = try checkpoints.newest() else { return (state, result) }
        try stored.requireSameRun(as: result)
        return (try stored.checkpoint(of: design).state, stored.result)
    }

    private func analyse(
        _ network: Network<Float>, probes: AnalysisOptions.Probes = .none
    ) throws -> AnalysisResult {
        let probe = try data.probe(scale.probeImages)
        let batch = LabelledBatch<Float>(
            probe.input.elements, shape: probe.input.shape, labels: probe.labels)
        return try SignalAnalysis(
            network, on: batch, options: AnalysisOptions(probes: probes, seed: seed, checksDerivatives: false)
        )
        .run()
    }
}

/// Gathers the training curve, and keeps a checkpoint with each of its points but the last.
private struct CellObserver: TrainingObserver {
    let design: NetworkDesign
    let iterations: Int
    /// Iterations from one point to the next.
    let interval: Int
    let data: ConfirmationData
    let checkpoints: CheckpointFolder
    private(set) var result: TrainingResult
    /// Wall time of the cell so far.
    let seconds: () -> Double
    /// Told of every point.
    let reached: (CurvePoint) -> Void
    private var stretch = CurveStretch()

    init(
        design: NetworkDesign, iterations: Int, interval: Int, data: ConfirmationData,
        checkpoints: CheckpointFolder, result: TrainingResult, seconds: @escaping () -> Double,
        reached: @escaping (CurvePoint) -> Void
    ) {
        self.design = design
        self.iterations = iterations
        self.interval = interval
        self.data = data
        self.checkpoints = checkpoints
        self.result = result
        self.seconds = seconds
        self.reached = reached
    }

    mutating func didAdvance(_ step: TrainingProgress, to state: TrainingState<Float>) throws -> Bool {
        stretch.add(step)
        if step.iteration == 1 { result.firstLoss = step.loss }
        let isLast = step.iteration == iterations
        guard step.iteration % interval == 0 || isLast else { return true }
        let point = stretch.point(after: step)
        let tested = EvaluationPoint(
            iteration: step.iteration,
            evaluation: try state.evaluate(design, batches: data.testBatchCount, data.testBatch))
        result.curve.append(point)
        result.evaluations.append(tested)
        reached(CurvePoint(point, tested))
        if !isLast {
            result.seconds = seconds()
            try checkpoints.write(Checkpoint(state: state, result: result))
        }
        return true
    }
}

extension CurvePoint {
    fileprivate init(_ point: TrainingPoint, _ test: EvaluationPoint) {
        self.init(
            iteration: point.iteration, trainingLoss: point.loss, trainingError: point.error,
            testError: test.evaluation.error)
    }
}
