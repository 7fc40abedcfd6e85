/// The learning rate of every iteration: a warm-up at a rate of its own, then a base rate that is multiplied by a
/// factor at each milestone.
public struct LearningRateSchedule: Sendable, Codable, Equatable {
    /// The rate after the warm-up.
    public var base: Double
    /// Iterations at which the rate is multiplied by `factor`, counted from 0.
    public var milestones: [Int]
    public var factor: Double
    /// The first iterations, and their rate.
    public var warmUpIterations: Int
    public var warmUpRate: Double

    public init(
        base: Double, milestones: [Int], factor: Double = 0.1, warmUpIterations: Int = 0,
        warmUpRate: Double = 0.01
    ) {
        self.base = base
        self.milestones = milestones
        self.factor = factor
        self.warmUpIterations = warmUpIterations
        self.warmUpRate = warmUpRate
    }

    /// η of an iteration, counted from 0.
    public func rate(at iteration: Int) -> Double {
        guard iteration >= warmUpIterations else { return warmUpRate }
        return milestones.reduce(base) { iteration >= $1 ? $0 * factor : $0 }
    }
}
