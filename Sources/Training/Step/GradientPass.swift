import Kernels
import ResidualNetworks
import Tensors

/// One forward and backward pass of a batch: the loss, and its gradient in every parameter.
struct GradientPass<Scalar: KernelScalar> {
    /// E, the mean over the batch.
    let loss: Double
    /// (N, classes, 1, 1).
    let logits: Tensor<Scalar>
    /// Of every batch normalisation, by name.
    let statistics: RunningStatistics

    /// Adds ∂E/∂θ to `gradients`, unless the loss is not finite.
    ///
    /// - Parameter network: of shapes alone.
    init(
        _ network: Network<Scalar>, _ parameters: TrainedParameters<Scalar>, _ batch: TrainingBatch<Scalar>,
        masks: any MaskSource, economises: Bool, accumulating gradients: inout ParameterGradients<Scalar>
    ) throws {
        let pass = ForwardPass(masks: masks, keepsParameterInputs: true, parameters: parameters)
        let stem = try network.stem.linearize(batch.input, in: pass)
        var tape = UnitTape<Scalar>(economises: economises)
        let xL = try network.units.reduce(stem.tensor) { x, unit in
            try tape.advance(unit, at: x, in: pass)
        }
        let head = try network.head.linearize(xL, in: pass)
        logits = head.tensor
        statistics = pass.batchStatistics
        let (loss, cotangent) = try SoftmaxCrossEntropy(labels: batch.labels).evaluate(at: logits)
        self.loss = loss
        guard loss.isFinite else { return }
        var g = try head.derivative.pullBack(LayerCotangent(cotangent.plain), accumulating: &gradients)
        while let unit = try tape.popLast() { g = try unit.pullBack(consume g, accumulating: &gradients) }
        try stem.derivative.pullBackToParameters(Scalar.kernels.resolve(g), accumulating: &gradients)
    }
}

extension UnitDerivatives {
    /// g_l = (H_l + J_l)ᵀ D_lᵀ g_{l+1}, with the parameters' gradients. The sum is left to the next unit down, whose
    /// last layer adds as it reads.
    fileprivate func pullBack(
        _ g: consuming LayerCotangent<Scalar>, accumulating gradients: inout ParameterGradients<Scalar>
    ) throws -> LayerCotangent<Scalar> {
        if after.scalarMultiple != 1 {
            g = LayerCotangent(try after.vjp(Scalar.kernels.resolve(g), accumulating: &gradients))
        }
        let (atY, throughBranch) = try branch.pullBackResolving(g, accumulating: &gradients)
        let throughShortcut = try shortcut.pullBack(ScaledTensor(atY), accumulating: &gradients)
        return throughBranch.adding(Addend(throughShortcut))
    }
}
