import EventFiles
import Training

/// A run's numbers under the tags that TensorBoard shows them by.
struct EventLog {
    private let file: EventFile

    /// - Parameter iteration: iterations done before: what a killed run noted down after it is dropped.
    init(folder: String, after iteration: Int) throws {
        file = try EventFile(folder: folder, startingAt: iteration > 0 ? iteration + 1 : 0)
    }

    func append(_ point: TrainingPoint, _ evaluation: Evaluation?) throws {
        var scalars = [
            ("train/loss", point.loss), ("train/error", point.error),
            ("train/learning_rate", point.learningRate),
        ]
        if let evaluation {
            scalars += [
                ("test/loss", evaluation.loss), ("test/error", evaluation.error),
                ("test/top5_error", evaluation.topFiveError),
            ]
        }
        // As in `curve.csv`, where there is no number there is no entry.
        try file.append(
            step: point.iteration,
            scalars: scalars.filter { $0.1.isFinite }.map { (tag: $0.0, value: $0.1) })
    }

    /// log10 of the three norms at x_0, where they are there.
    func append(_ snapshot: PropagationSnapshot) throws {
        guard let row = snapshot.rows.first else { return }
        let scalars = [
            ("propagation/log10_gradient_x0", row.gradientLog10),
            ("propagation/log10_direct_x0", row.directLog10),
            ("propagation/log10_through_weights_x0", row.throughWeightsLog10),
        ].compactMap { tag, value in value.map { (tag: tag, value: $0) } }
        try file.append(step: snapshot.iteration, scalars: scalars)
    }
}
