/// The iterations since the last point of a training curve, whose means are the next.
public struct CurveStretch: Sendable {
    private var loss = 0.0
    private var error = 0.0
    private var count = 0

    public init() {}

    public mutating func add(_ step: TrainingProgress) {
        loss += step.loss
        error += step.error
        count += 1
    }

    /// Ends with a point after `step`, the last one added, and begins anew.
    public mutating func point(after step: TrainingProgress) -> TrainingPoint {
        let iterations = Double(max(1, count))
        let point = TrainingPoint(
            iteration: step.iteration, learningRate: step.learningRate, loss: loss / iterations,
            error: error / iterations)
        self = CurveStretch()
        return point
    }
}
