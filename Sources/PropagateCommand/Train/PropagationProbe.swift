import Analysis
import Kernels
import ResidualNetworks
import Training

/// Decomposes ∂E/∂x_l of a network in training, always on the same images.
struct PropagationProbe<Scalar: KernelScalar> {
    let design: NetworkDesign
    let batch: LabelledBatch<Scalar>
    /// Of dropout masks, the same for every snapshot.
    let seed: UInt64

    init(_ design: NetworkDesign, on images: TrainingBatch<Scalar>, seed: UInt64) {
        self.design = design
        batch = LabelledBatch(
            images.input.elements, shape: images.input.shape, labels: images.labels)
        self.seed = seed
    }

    /// With batch statistics, as in training; the state's running statistics are left alone.
    func snapshot(of state: TrainingState<Scalar>) throws -> PropagationSnapshot {
        let network = try Network<Scalar>(design, parameters: state.parameters)
        let result = try SignalAnalysis(
            network, on: batch, options: AnalysisOptions(probes: .none, seed: seed, checksDerivatives: false)
        ).run()
        return PropagationSnapshot(
            iteration: state.iteration,
            rows: result.units.map { unit in
                PropagationSnapshot.Row(
                    gradientLog10: unit.gradientLog10, directLog10: unit.directLog10,
                    throughWeightsLog10: unit.throughWeightsLog10, forwardRMS: unit.forwardRMS,
                    negativeShare: unit.negativeShare)
            })
    }
}
