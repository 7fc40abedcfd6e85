import Training

/// One row trained with one seed.
public struct ConfirmationCell: Sendable, Codable, Equatable {
    /// How its training ended.
    public enum Ending: Sendable, Codable, Equatable {
        case finished
        /// The loss of this iteration, counted from 1, was not finite; the first unit whose output was not, if any.
        case notFinite(iteration: Int, unit: Int?)
        /// All iterations were done, and the loss ended far above what it began at.
        case exploded(Explosion)
    }

    /// The row's `identity`.
    public var row: String
    public var seed: UInt64
    public var initial: InitialMeasurement
    /// In order of iterations.
    public var curve: [CurvePoint]
    public var ending: Ending
    /// Share of y_l < 0 of every unit after training, on the probe batch; empty where f is not ReLU.
    public var negativeSharesAfter: [Double?]
    /// Wall time.
    public var seconds: Double

    public init(
        row: String, seed: UInt64, initial: InitialMeasurement, curve: [CurvePoint],
        ending: Ending = .finished, negativeSharesAfter: [Double?] = [], seconds: Double
    ) {
        self.row = row
        self.seed = seed
        self.initial = initial
        self.curve = curve
        self.ending = ending
        self.negativeSharesAfter = negativeSharesAfter
        self.seconds = seconds
    }

    /// Of the last point of the curve; `nil` where training broke off or exploded, or the network's outputs on the
    /// test images are not finite.
    public var testError: Double? {
        ending == .finished ? curve.last.flatMap { $0.testError.isFinite ? $0.testError : nil } : nil
    }
    public var trainingLoss: Double? { ending == .finished ? curve.last?.trainingLoss : nil }
}

/// A point of a training curve.
public struct CurvePoint: Sendable, Codable, Equatable {
    /// Iterations done.
    public var iteration: Int
    /// Means over the iterations since the point before, on the images as they were trained on.
    public var trainingLoss: Double
    public var trainingError: Double
    /// The share of test images classified wrongly after this iteration, with running statistics; NaN where an output
    /// is not finite.
    public var testError: Double

    public init(iteration: Int, trainingLoss: Double, trainingError: Double, testError: Double) {
        self.iteration = iteration
        self.trainingLoss = trainingLoss
        self.trainingError = trainingError
        self.testError = testError
    }
}
