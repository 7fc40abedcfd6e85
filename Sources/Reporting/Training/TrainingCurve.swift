import Training

/// A training run by iterations done: a row where the training curve has a point, where the test set was tried, or both.
struct TrainingCurve: Sendable {
    struct Row: Sendable {
        let iteration: Int
        /// `nil` where only the test set was tried.
        let point: TrainingPoint?
        /// `nil` where the test set was not tried.
        let evaluation: Evaluation?
    }

    let rows: [Row]
    /// Where the learning rate changes, with the rate from there on; the first is that of the start.
    let rates: [(iteration: Int, rate: Double)]

    init(_ result: TrainingResult) {
        let points = Dictionary(result.curve.map { ($0.iteration, $0) }) { $1 }
        let evaluations = Dictionary(result.evaluations.map { ($0.iteration, $0.evaluation) }) { $1 }
        rows = Set(points.keys).union(evaluations.keys).sorted().map {
            Row(iteration: $0, point: points[$0], evaluation: evaluations[$0])
        }
        rates = TrainingCurve.rates(result.recipe.optimization.schedule, until: rows.last?.iteration ?? 0)
    }

    private static func rates(
        _ schedule: LearningRateSchedule, until last: Int
    ) -> [(iteration: Int, rate: Double)] {
        let changes = Set([schedule.warmUpIterations] + schedule.milestones).filter { $0 > 0 && $0 < last }
        return ([0] + changes.sorted()).reduce(into: []) { rates, iteration in
            let rate = schedule.rate(at: iteration)
            if rates.last?.rate != rate { rates.append((iteration, rate)) }
        }
    }

    /// Where iterations stand among the rows; between two of them in proportion.
    func place(of iteration: Int) -> Double {
        guard let next = rows.firstIndex(where: { $0.iteration >= iteration }) else {
            return Double(max(0, rows.count - 1))
        }
        guard next > 0 else { return 0 }
        let (start, end) = (rows[next - 1].iteration, rows[next].iteration)
        return Double(next - 1) + Double(iteration - start) / Double(end - start)
    }

    /// The last point of the training curve.
    var lastPoint: TrainingPoint? { rows.last { $0.point != nil }?.point }

    /// The last time that the test set was tried, and the one of the least error.
    var lastEvaluation: EvaluationPoint? { evaluations.last }
    var bestEvaluation: EvaluationPoint? {
        evaluations.filter(\.evaluation.error.isFinite).min { $0.evaluation.error < $1.evaluation.error }
    }

    private var evaluations: [EvaluationPoint] {
        rows.compactMap { row in
            row.evaluation.map { EvaluationPoint(iteration: row.iteration, evaluation: $0) }
        }
    }

    /// Columns of `curve.csv` and keys of `curve` in `report.json`; TensorBoard's tags are in Scripts/tensorboard.
    static let fields: [ReportField<Row>] = [
        .integer("iteration", "Iterations done.") { $0.iteration },
        .number("learning_rate", "η of the last of them.") { $0.point?.learningRate },
        .number("loss", "E of the training batches, mean since the row before that has one.") {
            $0.point?.loss
        },
        .number("error", "Share of training images classified wrongly, since the row before that has one.") {
            $0.point?.error
        },
        .number("test_loss", "E of the test set; null where it was not tried.") { $0.evaluation?.loss },
        .number("test_error", "Share of the test set whose likeliest class is wrong (top-1).") {
            $0.evaluation?.error
        },
        .number("test_top5_error", "Share of the test set whose class is not among the likeliest five.") {
            $0.evaluation?.topFiveError
        },
    ]

    var csv: String { MeasurementTables.csv(TrainingCurve.fields, rows) }
}
