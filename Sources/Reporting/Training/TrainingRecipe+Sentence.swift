import Training

extension TrainingRecipe {
    /// What is done in how many steps, without a full stop.
    var sentence: String {
        let schedule = optimization.schedule
        let number = NumberStyle.significant(3)
        let warmUp =
            schedule.warmUpIterations > 0
            ? "\(number.trimmed(schedule.warmUpRate)) for \(Quantity.grouped(schedule.warmUpIterations)), then "
            : ""
        let drops =
            schedule.milestones.isEmpty
            ? ""
            : ", × \(number.trimmed(schedule.factor)) at "
                + schedule.milestones.map(Quantity.grouped).joined(separator: " and ")
        let replicas = optimization.replicas > 1 ? " in \(optimization.replicas) replicas" : ""
        let moves =
            augmentation.translation > 0
            ? "crops ±\(augmentation.translation) pixels" : "no crops"
        return
            "\(Quantity.counted(iterations, "iteration")) of \(Quantity.counted(batch, "image"))"
            + "\(replicas); η \(warmUp)\(number.trimmed(schedule.base))\(drops); "
            + "momentum \(number.trimmed(optimization.momentum)) (\(optimization.rule.rawValue)); "
            + "weight decay \(number.trimmed(optimization.weightDecay)) on "
            + "\(optimization.decayScope == .all ? "all" : "weights"); \(moves), "
            + "\(augmentation.flips ? "mirror images" : "no mirror images")"
    }
}
