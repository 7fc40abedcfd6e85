/// (α∘A)ᵀ or (β∘F)ᵀ: the factor, the inner map, and what a gate's own derivative hands down through W_gᵀ.
struct ModulatedPullback: EnergyPullback {
    let inner: any EnergyPullback
    /// E α².
    let factor: Double
    /// The elements' steps, by group, where f rectifies; else empty.
    let kernels: [TransitionKernel?]
    /// The laws of x_l.
    let laws: [RectifiedLaw?]
    let gate: GatePullback
    /// E σ′² times the mean square of what the gate multiplies.
    let gateFactor: Double

    func pull(_ cotangent: GradientMoments) -> GradientMoments {
        let passed = inner.pull(modulated(cotangent))
        guard gateFactor > 0 else { return passed }
        return passed + gate.pull(cotangent).scaled(by: gateFactor)
    }

    private func modulated(_ cotangent: GradientMoments) -> GradientMoments {
        var result = cotangent
        for index in result.groups.indices {
            if index < laws.count, let kernel = kernels.isEmpty ? nil : kernels[index],
                let law = laws[index], let values = cotangent.groups[index].conditional
            {
                let pulled = kernel.pull(values)
                result.groups[index].conditional = pulled
                result.groups[index].energy = law.mean(pulled)
            } else {
                result.groups[index].energy *= factor
                result.groups[index].conditional = nil
            }
        }
        return result
    }
}

/// W_gᵀ of a gate: to every input alike.
struct GatePullback: EnergyPullback {
    let window: AxisWindow
    let inputs: [Double]

    func pull(_ cotangent: GradientMoments) -> GradientMoments {
        ConvolutionPullback(window: window, inputs: inputs).pull(cotangent)
    }
}

/// D of f = φ or φ∘BN: φ′² at each place of the law, ReLU's mask, over the variance that BN divides by.
struct MaskPullback: EnergyPullback {
    /// The laws of x_{l+1}.
    let laws: [RectifiedLaw?]
    let scales: [Double]
    /// E[1/v]·E[v] over channels, where f normalises and x_l does not carry its channels' variances along.
    let spreads: [Double]
    /// φ where it is not ReLU.
    var function: ElementFunction?

    func pull(_ cotangent: GradientMoments) -> GradientMoments {
        var result = cotangent
        for index in result.groups.indices {
            guard let law = laws[index] else { continue }
            let slope = spreads[index] / (scales[index] * scales[index])
            let group = cotangent.groups[index]
            var values = Array(repeating: 0.0, count: law.grid.count)
            for node in (function == nil ? law.grid.below : 0)..<law.grid.count {
                // Half of the mass at 0 lies above it.
                let mask = function?.slopeEnergies[node] ?? (node == law.grid.below ? 0.5 : 1)
                values[node] = mask * slope * (group.conditional?[node] ?? group.energy)
            }
            result.groups[index].conditional = values
            result.groups[index].energy = law.mean(values)
        }
        return result
    }
}
