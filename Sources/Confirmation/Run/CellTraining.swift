import Analysis
import Kernels
import ResidualNetworks
import Training

/// Trains one row with one seed: measures at initialisation, trains, measures again.
struct CellTraining {
    let row: PaperRow
    let seed: UInt64
    let scale: ConfirmationScale
    let data: ConfirmationData

    /// - Throws: an error of the network, of the data or of the analysis; a loss that is not finite is a result.
    func run() throws -> ConfirmationCell {
        let start = ContinuousClock.now
        let design = try row.design(input: data.shape, classes: data.classes, baseWidth: scale.baseWidth)
        let source = HeInitialization(seed: seed)
        let before = try analyse(try Network<Float>(design, parameters: source))
        // Small images leave memory enough for several runs at a time to keep every x_l.
        let step = TrainingStep(
            design, scale.recipe.optimization, economises: data.shape.height > 16, seed: seed)
        let trainer = Trainer<Float>(step, iterations: scale.recipe.iterations) { iteration in
            try data.batch(seed, iteration)
        }
        var state = try TrainingState<Float>(design, from: source)
        var observer = CurveObserver(
            design: design, iterations: scale.recipe.iterations, interval: scale.evaluationInterval,
            test: try data.testBatches())
        var ending = ConfirmationCell.Ending.finished
        do {
            try trainer.run(&state, observer: &observer)
        } catch TrainingError.notFinite(let iteration, let unit) {
            ending = .notFinite(iteration: iteration, unit: unit)
        }
        let after = try analyse(try Network<Float>(design, parameters: state.parameters))
        return ConfirmationCell(
            row: row.identity, seed: seed, initial: InitialMeasurement(before), curve: observer.curve,
            ending: ending, negativeSharesAfter: after.negativeShares,
            seconds: (ContinuousClock.now - start) / .seconds(1))
    }

    private func analyse(_ network: Network<Float>) throws -> AnalysisResult {
        let probe = try data.probe(scale.probeImages)
        let batch = LabelledBatch<Float>(
            probe.input.elements, shape: probe.input.shape, labels: probe.labels)
        return try SignalAnalysis(network, on: batch, options: AnalysisOptions(probes: .none, seed: seed))
            .run()
    }
}

/// Gathers the training curve.
struct CurveObserver: TrainingObserver {
    let design: NetworkDesign
    let iterations: Int
    let interval: Int
    let test: [TrainingBatch<Float>]
    private(set) var curve: [CurvePoint] = []
    /// Sums since the last point.
    private var loss = 0.0
    private var error = 0.0
    private var count = 0

    init(design: NetworkDesign, iterations: Int, interval: Int, test: [TrainingBatch<Float>]) {
        self.design = design
        self.iterations = iterations
        self.interval = interval
        self.test = test
    }

    mutating func didAdvance(_ progress: TrainingProgress, to state: TrainingState<Float>) throws -> Bool {
        loss += progress.loss
        error += progress.error
        count += 1
        guard progress.iteration % interval == 0 || progress.iteration == iterations else { return true }
        let evaluation = try state.evaluate(design, on: test)
        curve.append(
            CurvePoint(
                iteration: progress.iteration, trainingLoss: loss / Double(count),
                trainingError: error / Double(count), testError: evaluation.error))
        (loss, error, count) = (0, 0, 0)
        return true
    }
}
