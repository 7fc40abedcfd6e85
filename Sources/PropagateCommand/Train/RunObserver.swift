import Foundation
import Kernels
import Training

/// Notes down what a training run does: curve, tests, propagation, checkpoints, progress. Stops it when asked to.
struct RunObserver<Scalar: KernelScalar>: TrainingObserver {
    let request: TrainingRequest
    let checkpoints: CheckpointFolder
    let curve: CurveFile
    let events: EventLog
    let probe: PropagationProbe<Scalar>?
    var progress: TrainingProgressLine
    /// The report of the run so far.
    private(set) var result: TrainingResult

    private var stretch = CurveStretch()
    /// Wall time that the run had taken before this process went on with it, and when that was.
    private let secondsBefore: Double
    private let start = ContinuousClock.now

    init(
        _ request: TrainingRequest, result: TrainingResult, checkpoints: CheckpointFolder, curve: CurveFile,
        events: EventLog, probe: PropagationProbe<Scalar>?, progress: TrainingProgressLine
    ) {
        self.request = request
        self.result = result
        self.checkpoints = checkpoints
        self.curve = curve
        self.events = events
        self.probe = probe
        self.progress = progress
        secondsBefore = result.seconds
    }

    mutating func didAdvance(
        _ step: TrainingProgress, to state: TrainingState<Scalar>
    ) throws -> Bool {
        stretch.add(step)
        if step.iteration == 1 { result.firstLoss = step.loss }
        let (iteration, cadence) = (step.iteration, request.cadence)
        let isStopped = StopRequest.signal != nil && iteration < cadence.iterations
        let isKept = isStopped || cadence.isDue(cadence.checkpoint, after: iteration)
        let isTested = cadence.isDue(cadence.evaluation, after: iteration)
        // A checkpoint ends a point of the curve, so that a run that goes on from it has the same curve.
        if isKept || isTested || cadence.isDue(cadence.log, after: iteration) {
            try addPoint(step, isTested ? test(state) : nil)
        }
        if cadence.measures(after: iteration) { try measure(state) }
        if isStopped { result.ending = .interrupted(iteration: iteration) }
        if iteration == cadence.iterations {
            result.ending = result.completedEnding(classes: request.design.classes)
        }
        if isKept { try keep(state) }
        progress.show(
            iteration: iteration, of: cadence.iterations, step, tested: result.evaluations.last?.evaluation)
        return !isStopped
    }

    /// Decomposes the gradient at a state.
    mutating func measure(_ state: TrainingState<Scalar>) throws {
        guard let probe, !result.propagation.contains(where: { $0.iteration == state.iteration }) else {
            return
        }
        let begin = ContinuousClock.now
        let snapshot = try probe.snapshot(of: state)
        result.propagation.append(snapshot)
        try events.append(snapshot)
        result.measuringSeconds += (ContinuousClock.now - begin) / .seconds(1)
    }

    /// The end of a run that broke off.
    mutating func end(_ ending: TrainingResult.Ending) {
        result.ending = ending
        result.seconds = seconds
    }

    private var seconds: Double { secondsBefore + (ContinuousClock.now - start) / .seconds(1) }

    private mutating func test(_ state: TrainingState<Scalar>) throws -> Evaluation {
        let evaluation = try request.set.evaluate(
            state, request.design, on: request.set.test, batch: request.testBatch)
        result.evaluations.append(EvaluationPoint(iteration: state.iteration, evaluation: evaluation))
        return evaluation
    }

    private mutating func addPoint(_ step: TrainingProgress, _ evaluation: Evaluation?) throws {
        let point = stretch.point(after: step)
        result.curve.append(point)
        try curve.append(point, evaluation)
        try events.append(point, evaluation)
    }

    /// A state that is not finite is no good checkpoint, and must not push the good ones out: the next iteration says
    /// what is wrong with it.
    private mutating func keep(_ state: TrainingState<Scalar>) throws {
        result.seconds = seconds
        guard state.isFinite else {
            if state.iteration == request.cadence.iterations {
                result.ending = .notFinite(iteration: state.iteration, .parameters)
            }
            return
        }
        try checkpoints.write(Checkpoint(state: state, result: result))
    }
}
