import Training

extension TrainingReport {
    /// The line of `curve.csv` for one point, with its end.
    public static func csvLine(_ point: TrainingPoint, _ evaluation: Evaluation?) -> String {
        let row = TrainingCurve.Row(iteration: point.iteration, point: point, evaluation: evaluation)
        // Behind the header.
        let lines = MeasurementTables.csv(TrainingCurve.fields, [row]).split(separator: "\r\n")
        return (lines.last ?? "") + "\r\n"
    }
}
