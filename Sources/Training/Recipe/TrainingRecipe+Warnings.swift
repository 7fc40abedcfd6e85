extension TrainingRecipe {
    /// What is possible and hardly meant, a sentence each.
    ///
    /// - Parameter side: of the images that are trained on, in pixels; `nil` where they are cut by another rule.
    public func warnings(side: Int?) -> [String] {
        let schedule = optimization.schedule
        var warnings: [String] = []
        let unreached = schedule.milestones.filter { $0 > iterations }
        if !unreached.isEmpty, iterations > 0 {
            let list = unreached.map(String.init).joined(separator: ", ")
            warnings.append(
                "The run has \(iterations) iterations and never comes to \(unreached.count == 1 ? "milestone" : "milestones") \(list)."
            )
        }
        if schedule.warmUpIterations >= iterations, schedule.warmUpIterations > 0, iterations > 0 {
            warnings.append(
                "The warm-up takes all \(iterations) iterations: the learning rate stays at \(schedule.warmUpRate)."
            )
        } else if let early = schedule.milestones.first(where: { $0 < schedule.warmUpIterations }) {
            warnings.append(
                "Milestone \(early) lies within the warm-up of \(schedule.warmUpIterations) iterations, and counts from its end on."
            )
        }
        if let side, augmentation.translation >= side {
            warnings.append(
                "Translations of up to \(augmentation.translation) pixels leave nothing of some images of side \(side)."
            )
        }
        return warnings
    }
}
