import DataSets
import NumericalMethods

/// Every number that training needs beside the network and its data.
public struct TrainingRecipe: Sendable, Codable, Equatable {
    /// The preset that it began as.
    public var name: String
    public var optimization: Optimization
    /// Images in a step, over all replicas.
    public var batch: Int
    public var iterations: Int
    public var augmentation: Augmentation

    public init(
        name: String, optimization: Optimization, batch: Int, iterations: Int, augmentation: Augmentation
    ) {
        self.name = name
        self.optimization = optimization
        self.batch = batch
        self.iterations = iterations
        self.augmentation = augmentation
    }

    /// The same training in another number of iterations, its milestones moved along. The warm-up keeps its
    /// length unless it would take more than a twentieth.
    public func stretched(to iterations: Int) -> TrainingRecipe {
        var recipe = self
        let stretch = Double(iterations) / Double(max(1, self.iterations))
        recipe.iterations = iterations
        recipe.optimization.schedule.milestones = optimization.schedule.milestones.map {
            Int(saturating: (Double($0) * stretch).rounded())
        }
        recipe.optimization.schedule.warmUpIterations = min(
            optimization.schedule.warmUpIterations, max(iterations / 20, 0))
        return recipe
    }

    /// More than any run has, and far from where sums of such numbers leave the range.
    private static let mostIterations = 1_000_000_000_000
    /// As large as the largest images that are cut.
    private static let greatestTranslation = 8192

    /// - Throws: `TrainingError.impossibleRecipe` that names the number.
    public func validate() throws {
        func require(_ holds: Bool, _ requirement: String) throws {
            guard holds else { throw TrainingError.impossibleRecipe(requirement) }
        }
        let schedule = optimization.schedule
        try require(batch >= 1, "a batch needs at least one image")
        try require(
            (0...Self.mostIterations).contains(iterations),
            "the number of iterations must be from 0 to \(Self.mostIterations)")
        try require(optimization.replicas >= 1, "a batch is shared by at least one replica")
        guard batch % max(1, optimization.replicas) == 0 else {
            throw TrainingError.unevenReplicas(batch: batch, replicas: optimization.replicas)
        }
        try require(
            (0..<1).contains(optimization.momentum), "the momentum must be at least 0 and less than 1")
        try require(
            optimization.weightDecay >= 0 && optimization.weightDecay.isFinite,
            "weight decay must be a number of at least 0")
        try require(
            (0...1).contains(optimization.runningAverage.weight),
            "the weight of a new batch in the running statistics must be from 0 to 1")
        try require(schedule.warmUpIterations >= 0, "the warm-up cannot be negative")
        try require(
            [schedule.base, schedule.warmUpRate, schedule.factor].allSatisfy { $0.isFinite && $0 > 0 },
            "learning rates and their factor must be positive")
        try require(schedule.milestones == schedule.milestones.sorted(), "milestones must be in order")
        try require(
            (0...Self.greatestTranslation).contains(augmentation.translation),
            "the padding of translations must be from 0 to \(Self.greatestTranslation) pixels")
    }
}
