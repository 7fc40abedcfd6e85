import Foundation

/// A training whose loss grew out of all proportion and stayed finite.
///
/// Guessing costs ln(classes), and no training needs to end above what it began at: a run has exploded where the mean
/// loss of the last stretch of its curve is more than `factor` times the larger of the two.
public struct Explosion: Sendable, Codable, Equatable {
    /// Ten times the loss of guessing gives the label a probability of classes^−10. A converging run never ends there,
    /// and single batches scatter by far less.
    public static let factor = 10.0

    /// Iterations done.
    public var iteration: Int
    /// The mean loss at the end.
    public var loss: Double
    /// The larger of ln(classes) and the loss of the first iteration.
    public var reference: Double

    /// - Returns: `nil` where the loss ended within bounds.
    public init?(iteration: Int, loss: Double, firstLoss: Double, classes: Int) {
        let reference = max(log(Double(max(1, classes))), firstLoss)
        guard loss > Self.factor * reference else { return nil }
        self.iteration = iteration
        self.loss = loss
        self.reference = reference
    }
}
