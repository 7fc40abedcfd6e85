import Training

extension TrainingReport {
    /// The line of `curve.csv` for one point, with its end.
    public static func csvLine(_ point: TrainingPoint, _ evaluation: Evaluation?) -> String {
        let row = TrainingCurve.Row(iteration: point.iteration, point: point, evaluation: evaluation)
        let lines = MeasurementTables.csv(TrainingCurve.fields, [row])
        return String(lines[lines.index(after: lines.firstIndex(of: "\n") ?? lines.startIndex)...])
    }
}
