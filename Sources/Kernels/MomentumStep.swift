/// One step of gradient descent with momentum on a parameter θ with velocity v and gradient g:
///
///     s = scale·g + decay·θ        v ← momentum·v + a·s        θ ← θ − (b·v + c·s)
///
/// The rules in use differ only in a, b and c.
public struct MomentumStep: Sendable, Equatable {
    public var gradientScale: Double
    public var decay: Double
    public var momentum: Double
    /// a.
    public var slopeInVelocity: Double
    /// b.
    public var velocityInStep: Double
    /// c.
    public var slopeInStep: Double

    public init(
        gradientScale: Double = 1, decay: Double, momentum: Double, slopeInVelocity: Double,
        velocityInStep: Double, slopeInStep: Double
    ) {
        self.gradientScale = gradientScale
        self.decay = decay
        self.momentum = momentum
        self.slopeInVelocity = slopeInVelocity
        self.velocityInStep = velocityInStep
        self.slopeInStep = slopeInStep
    }
}
