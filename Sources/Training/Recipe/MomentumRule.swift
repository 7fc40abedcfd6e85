import Kernels

/// How a velocity and a learning rate move a parameter. With a constant rate the first two are the same; after a
/// change of rate they are not.
public enum MomentumRule: String, Sendable, Codable, CaseIterable {
    /// v ← μv + η·s, θ ← θ − v: the paper's.
    case rateInVelocity = "rate-in-velocity"
    /// v ← μv + s, θ ← θ − η·v: that of Torch.
    case rateInStep = "rate-in-step"
    /// v ← μv + s, θ ← θ − η·(s + μv): Torch's form of Nesterov's momentum.
    case nesterov

    /// The coefficients of a step at learning rate η; the gradient is a sum over `replicas` means.
    func step(learningRate: Double, momentum: Double, decay: Double, replicas: Int) -> MomentumStep {
        let (a, b, c) =
            switch self {
            case .rateInVelocity: (learningRate, 1.0, 0.0)
            case .rateInStep: (1, learningRate, 0)
            case .nesterov: (1, learningRate * momentum, learningRate)
            }
        return MomentumStep(
            gradientScale: 1 / Double(replicas), decay: decay, momentum: momentum, slopeInVelocity: a,
            velocityInStep: b, slopeInStep: c)
    }
}
