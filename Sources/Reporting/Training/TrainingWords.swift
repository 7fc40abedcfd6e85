import Training

/// A training run in sentences and named numbers, which all forms of its report share.
struct TrainingWords: Sendable {
    let result: TrainingResult
    let curve: TrainingCurve
    /// The sign of a negative number.
    let minus: String

    init(_ result: TrainingResult, minus: String = "−") {
        self.result = result
        self.minus = minus
        curve = TrainingCurve(result)
    }

    var title: String {
        result.configuration["depth"].map { "Training of a network of \($0) layers" }
            ?? "Training of a network"
    }

    /// What was trained, as pairs of a name and a value, as far as the configuration tells.
    var design: [(name: String, value: String)] {
        let told = ["architecture", "depth", "unit", "block", "shortcut", "data", "precision"].compactMap {
            name in
            result.configuration[name].map { (name: name, value: $0) }
        }
        return told + Summary.functions(result.functions ?? []) + [
            ("recipe", result.recipe.name), ("seed", String(result.seed)),
        ]
    }

    var setting: String {
        "\(Quantity.counted(result.parameters, "parameter")), "
            + "\(Quantity.counted(result.trainingImages, "image")) to train on and "
            + "\(Quantity.grouped(result.testImages)) to test on."
    }

    /// How it ended.
    func ending(resumption: [String]) -> String {
        ([ending(resumption)] + [untestable].compactMap(\.self)).joined(separator: " ")
    }

    /// What keeps the last test from having an error; `nil` where it has one.
    var untestable: String? {
        // A run that broke off says why itself.
        if case .notFinite = result.ending { return nil }
        guard let tested = curve.lastEvaluation, tested.evaluation.notFinite > 0 else { return nil }
        return
            "Tested after iteration \(Quantity.grouped(tested.iteration)), the network gives outputs that are not finite for "
            + "\(Quantity.grouped(tested.evaluation.notFinite)) of \(Quantity.counted(tested.evaluation.count, "test image"))."
    }

    private func ending(_ resumption: [String]) -> String {
        switch result.ending {
        case .finished:
            "Finished: \(Quantity.counted(result.recipe.iterations, "iteration")) in \(Quantity.duration(result.seconds))."
        case .interrupted(let iteration):
            "Interrupted after iteration \(Quantity.grouped(iteration)) of \(Quantity.grouped(result.recipe.iterations)). "
                + "To go on from there: \(resumption.map(\.quotedForShell).joined(separator: " "))"
        case .notFinite(let iteration, let place):
            "Stopped: \(place.clause(iteration: Quantity.grouped(iteration)))."
        case .exploded(let explosion): Self.explosion(explosion)
        }
    }

    static func explosion(_ explosion: Explosion) -> String {
        let number = NumberStyle.significant(3)
        return
            "Exploded: the loss ended at \(number.text(explosion.loss)) after \(Quantity.counted(explosion.iteration, "iteration")), "
            + "more than \(Int(Explosion.factor)) times \(number.text(explosion.reference)), the larger of the first loss and that of guessing."
    }

    /// Anything but a run that was finished must not be overlooked.
    var isAlert: Bool { result.ending != .finished || untestable != nil }

    /// What came of it; a dash for what there is not.
    var outcome: [(name: String, value: String)] {
        let last = curve.lastEvaluation
        let tested =
            last.map {
                $0.iteration == curve.rows.last?.iteration ? "" : " at \(Quantity.grouped($0.iteration))"
            } ?? ""
        return [
            ("training loss", curve.lastPoint.map { loss($0.loss) } ?? "–"),
            ("training error", curve.lastPoint.map { percent($0.error) } ?? "–"),
            ("test error, top-1\(tested)", last.map { percent($0.evaluation.error) } ?? "–"),
            ("test error, top-5\(tested)", last.map { percent($0.evaluation.topFiveError) } ?? "–"),
            (
                "best test error",
                curve.bestEvaluation.map {
                    "\(percent($0.evaluation.error)) at \(Quantity.grouped($0.iteration))"
                } ?? "–"
            ),
            ("test loss\(tested)", last.map { loss($0.evaluation.loss) } ?? "–"),
        ]
    }

    /// What measuring cost; `nil` where nothing was measured.
    var cost: String? {
        guard !result.propagation.isEmpty || result.measuringSeconds > 0 else { return nil }
        let count = Quantity.counted(result.propagation.count, "time")
        let share = result.seconds > 0 ? result.measuringSeconds / result.seconds : nil
        let part = share.map { ", \(NumberStyle.decimals(1).text(100 * $0)) % of the wall time" } ?? ""
        return
            "Propagation was measured \(count), which took \(Quantity.duration(result.measuringSeconds))\(part)."
    }

    /// How far the gradient reaches from x_L to x_0, before and after; empty where nothing was measured.
    var gradientRange: [String] {
        guard let first = result.propagation.first, let last = result.propagation.last else { return [] }
        func range(_ snapshot: PropagationSnapshot) -> String {
            let parts = PropagationQuantity.norms.map { quantity in
                // The through-weights term is 0 at x_L: all three are held against the gradient there.
                let top = snapshot.rows.last.flatMap(PropagationQuantity.total.value)
                let bottom = snapshot.rows.first.flatMap(quantity.value)
                let span = bottom.flatMap { bottom in top.map { bottom - $0 } }
                let text = span.map { NumberStyle.decimals(2).text($0, minus: minus) } ?? "–"
                return "\(quantity.shortName) \(text)"
            }
            return "\(PropagationWords.moment(snapshot.iteration)): \(parts.joined(separator: ", "))"
        }
        let snapshots = first.iteration == last.iteration ? [first] : [first, last]
        return snapshots.map(range)
    }

    private func percent(_ share: Double) -> String {
        share.isFinite ? NumberStyle.decimals(2).text(100 * share) + " %" : "–"
    }

    private func loss(_ value: Double) -> String {
        value.isFinite ? NumberStyle.significant(3).text(value, minus: minus) : "not finite"
    }
}
