import DataSets

extension TrainingRecipe {
    /// The paper's on CIFAR (Section 4 and appendix): two replicas of 64 with statistics of their own, 0.1 divided by
    /// 10 at 32k and 48k of 64k iterations, after 400 iterations at 0.01.
    public static let paper = TrainingRecipe(
        name: "paper",
        optimization: Optimization(
            schedule: LearningRateSchedule(
                base: 0.1, milestones: [32_000, 48_000], warmUpIterations: 400, warmUpRate: 0.01),
            rule: .rateInVelocity, replicas: 2),
        batch: 128, iterations: 64_000,
        augmentation: Augmentation(translation: 4, flips: true, padsBeforeNormalization: false))

    /// The widely used Torch code (facebook/fb.resnet.torch) on CIFAR: Nesterov's momentum, 164 epochs of 391
    /// iterations, 0.1 divided by 10 from the 81st and the 122nd epoch on, no warm-up.
    public static let torch = torch(name: "fb.resnet.torch", batch: 128, iterationsPerEpoch: 391, epochs: 164)

    /// The authors' Lua release (KaimingHe/resnet-1k-layers) inside the Torch code, as its notes run it: batches of
    /// 64 on two GPUs, 200 epochs.
    public static let lua = torch(name: "resnet-1k-layers", batch: 64, iterationsPerEpoch: 782, epochs: 200)

    /// For the embedded digits, whose training set is 40 times smaller than CIFAR's and whose mirror images are no
    /// digits: batches of 64, translations by a pixel, no flips.
    public static let digits = TrainingRecipe(
        name: "digits",
        optimization: Optimization(
            schedule: LearningRateSchedule(
                base: 0.1, milestones: [500, 750], warmUpIterations: 50, warmUpRate: 0.01)),
        batch: 64, iterations: 1000,
        augmentation: Augmentation(translation: 1, flips: false, padsBeforeNormalization: true))

    public static let presets: [TrainingRecipe] = [paper, lua, torch, digits]

    private static func torch(
        name: String, batch: Int, iterationsPerEpoch: Int, epochs: Int
    ) -> TrainingRecipe {
        TrainingRecipe(
            name: name,
            optimization: Optimization(
                schedule: LearningRateSchedule(
                    base: 0.1, milestones: [80 * iterationsPerEpoch, 121 * iterationsPerEpoch]),
                rule: .nesterov, replicas: 2, runningAverage: RunningAverage(variance: .unbiased)),
            batch: batch, iterations: epochs * iterationsPerEpoch,
            augmentation: Augmentation(
                translation: 4, flips: true, padsBeforeNormalization: false, crop: .scaleAndAspect))
    }
}
