import Foundation
import Graphs
import Kernels
import Reporting
import ResidualNetworks
import Training

/// Trains what a request asks for in a folder, from the beginning or from the last checkpoint there.
struct TrainingRun {
    let request: TrainingRequest
    let folder: RunFolder
    /// What its steps recompute, as its memory was predicted.
    let checkpointing: Checkpointing
    let isQuiet: Bool

    /// - Returns: the report of the run as it ended, and the manifest of the run from its beginning.
    /// - Throws: an error of the data, of a file, of a checkpoint. A loss that is not finite is a result.
    func run<Scalar: KernelScalar>(
        in precision: Scalar.Type
    ) throws -> (result: TrainingResult, manifest: RunManifest) {
        let checkpoints = CheckpointFolder(ofRun: folder.path, keeping: request.run.keep)
        let design = request.design
        var state = try TrainingState<Scalar>(design, from: request.initialization)
        var result = request.emptyResult(parameters: state.parameters.count)
        var manifest = request.manifest
        if let stored = try checkpoints.newest() {
            try stored.requireSameRun(as: result, ignoring: Self.free)
            state = try stored.checkpoint(of: design).state
            result = stored.result.continued(
                as: result, isComplete: state.iteration == request.recipe.iterations)
            tell(
                "\(folder.path): going on after iteration \(state.iteration) of \(request.recipe.iterations)."
            )
        }
        // Without a checkpoint what was begun may have been another run.
        if let begun = folder.manifest?.run, state.iteration > 0 || isSame(as: begun) {
            manifest = request.manifest(goingOnWith: begun, after: state.iteration)
            if state.iteration > 0 { warn(ofThreads: begun) }
        }
        // Only now: what is there must not be told to be what was asked for before it is compared with it.
        try folder.write(manifest)
        try checkpoints.prepare()
        var observer = try observer(from: state, result, manifest, checkpoints)
        if request.cadence.measurement != nil, state.iteration == 0 { try observer.measure(state) }
        defer { observer.progress.finish() }
        do {
            let trainer: Trainer<Scalar> = try self.trainer()
            try StopRequest.listening { try trainer.run(&state, observer: &observer) }
        } catch TrainingError.notFinite(let iteration, let place) {
            observer.end(.notFinite(iteration: iteration, place))
        }
        // What was met in decoding images is known only now.
        manifest.data = request.manifest.data
        return (observer.result, manifest)
    }

    /// Whether a manifest describes the run that is asked for, whatever it notes down of itself.
    private func isSame(as begun: RunManifest) -> Bool {
        func settings(_ manifest: RunManifest) -> [String: String] {
            manifest.configuration.filter { !TrainingRequest.freeOptions.contains($0.key) }
        }
        return settings(begun) == settings(request.manifest)
    }

    /// Sums are formed in the order of the threads, so that another count gives other last bits.
    private func warn(ofThreads begun: RunManifest) {
        let before = begun.resumptions.last?.threads ?? begun.configuration["threads"].flatMap { Int($0) }
        let now = request.run.threadCount
        guard let before, before != now else { return }
        StandardStream.tell(
            "\(folder.path): \(Quantity.counted(now, "thread")) from here on and \(before) before: the weights will differ in "
                + "their last bits from those of a run that keeps to \(before).")
    }

    /// Settings in which a run may differ from its checkpoint.
    private static var free: Set<String> {
        Set(TrainingRequest.freeOptions.map { "configuration.\($0)" })
    }

    private func trainer<Scalar: KernelScalar>() throws -> Trainer<Scalar> {
        let (recipe, set, seed) = (request.recipe, request.set, request.run.seed)
        let step = try TrainingStep<Scalar>(
            request.design, recipe.optimization, checkpointing: checkpointing, seed: seed)
        return Trainer(step, iterations: recipe.iterations) { iteration in
            TrainingBatch(
                try set.batch(
                    size: recipe.batch, at: iteration, seed: seed, augmentation: recipe.augmentation))
        }
    }

    private func observer<Scalar: KernelScalar>(
        from state: TrainingState<Scalar>, _ result: TrainingResult, _ manifest: RunManifest,
        _ checkpoints: CheckpointFolder
    ) throws -> RunObserver<Scalar> {
        let probe: PropagationProbe<Scalar>? = try request.cadence.measurement.map { _ in
            PropagationProbe<Scalar>(
                request.design,
                on: try request.set.probe(of: request.run.probeImages, stream: "train.probe"),
                seed: request.run.seed)
        }
        return RunObserver(
            request, result: result, checkpoints: checkpoints,
            curve: try CurveFile(
                path: "\(folder.path)/\(CurveFile.name)",
                TrainingReport(result, manifest: manifest)),
            events: try EventLog(folder: folder.path, after: state.iteration), probe: probe,
            progress: TrainingProgressLine(isQuiet: isQuiet, from: state.iteration))
    }

    private func tell(_ line: String) {
        if !isQuiet { StandardStream.tell(line) }
    }
}

extension TrainingResult {
    /// What a stored run has so far, as part of a run that may note down more or less of itself.
    ///
    /// - Parameter isComplete: whether no iteration is left, so that it ended as it is stored.
    fileprivate func continued(as asked: TrainingResult, isComplete: Bool) -> TrainingResult {
        var result = self
        result.configuration = asked.configuration
        if !isComplete { result.ending = .finished }
        return result
    }
}
