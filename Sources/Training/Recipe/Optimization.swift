/// How gradients move parameters: stochastic gradient descent with momentum and weight decay.
public struct Optimization: Sendable, Codable, Equatable {
    public var schedule: LearningRateSchedule
    /// μ.
    public var momentum: Double
    public var rule: MomentumRule
    /// The factor of θ that joins its gradient.
    public var weightDecay: Double
    public var decayScope: DecayScope
    /// Parts into which a batch is split, each normalised by statistics of its own, as on several GPUs; the
    /// gradient is their mean.
    public var replicas: Int
    public var runningAverage: RunningAverage

    public init(
        schedule: LearningRateSchedule, momentum: Double = 0.9, rule: MomentumRule = .rateInVelocity,
        weightDecay: Double = 1e-4, decayScope: DecayScope = .all, replicas: Int = 1,
        runningAverage: RunningAverage = RunningAverage()
    ) {
        self.schedule = schedule
        self.momentum = momentum
        self.rule = rule
        self.weightDecay = weightDecay
        self.decayScope = decayScope
        self.replicas = replicas
        self.runningAverage = runningAverage
    }
}
