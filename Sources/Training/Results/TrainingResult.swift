import ResidualNetworks

/// A training run as its report shows it.
public struct TrainingResult: Sendable, Codable, Equatable {
    /// How a run ended.
    public enum Ending: Sendable, Codable, Equatable {
        /// All iterations were done.
        case finished
        /// It was asked to stop after this iteration, and can go on.
        case interrupted(iteration: Int)
        /// The loss of this iteration, counted from 1, or what its step left, was not finite.
        case notFinite(iteration: Int, NonFinitePlace)
        /// All iterations were done, and the loss ended far above both the first one's and that of guessing.
        case exploded(Explosion)
    }

    /// The configuration in the command line's words, such as `shortcut: scale0.5`.
    public var configuration: [String: String]
    /// Functions that formulas give the network; `nil` in what earlier versions stored.
    public var functions: [DesignFunction]?
    public var recipe: TrainingRecipe
    public var seed: UInt64
    /// Trainable numbers.
    public var parameters: Int
    /// Images trained on and tested on.
    public var trainingImages: Int
    public var testImages: Int
    /// In order of iterations.
    public var curve: [TrainingPoint]
    public var evaluations: [EvaluationPoint]
    /// What was measured with `--measure-every`, in order of iterations.
    public var propagation: [PropagationSnapshot]
    public var ending: Ending
    /// E of the first iteration, before any step; `nil` before it, and in what earlier versions stored.
    public var firstLoss: Double?
    /// Wall time of training, and the part of it that measuring propagation took.
    public var seconds: Double
    public var measuringSeconds: Double

    public init(
        configuration: [String: String], functions: [DesignFunction] = [], recipe: TrainingRecipe,
        seed: UInt64, parameters: Int,
        trainingImages: Int, testImages: Int, curve: [TrainingPoint] = [],
        evaluations: [EvaluationPoint] = [],
        propagation: [PropagationSnapshot] = [], ending: Ending = .finished, seconds: Double = 0,
        measuringSeconds: Double = 0
    ) {
        self.configuration = configuration
        self.functions = functions
        self.recipe = recipe
        self.seed = seed
        self.parameters = parameters
        self.trainingImages = trainingImages
        self.testImages = testImages
        self.curve = curve
        self.evaluations = evaluations
        self.propagation = propagation
        self.ending = ending
        self.seconds = seconds
        self.measuringSeconds = measuringSeconds
    }

    /// How the run ended, all iterations done.
    ///
    /// - Parameter classes: that the labels are from.
    public func completedEnding(classes: Int) -> Ending {
        guard let end = curve.last, let firstLoss else { return .finished }
        return Explosion(iteration: end.iteration, loss: end.loss, firstLoss: firstLoss, classes: classes)
            .map(Ending.exploded) ?? .finished
    }
}

/// One point of a training curve: means over the iterations since the point before.
public struct TrainingPoint: Sendable, Codable, Equatable {
    /// Iterations done.
    public var iteration: Int
    /// η of the last of them.
    public var learningRate: Double
    public var loss: Double
    /// The share of training images classified wrongly as they were trained on.
    public var error: Double

    public init(iteration: Int, learningRate: Double, loss: Double, error: Double) {
        self.iteration = iteration
        self.learningRate = learningRate
        self.loss = loss
        self.error = error
    }
}

/// The test set's loss and errors after an iteration.
public struct EvaluationPoint: Sendable, Codable, Equatable {
    public var iteration: Int
    public var evaluation: Evaluation

    public init(iteration: Int, evaluation: Evaluation) {
        self.iteration = iteration
        self.evaluation = evaluation
    }
}

/// The decomposition of ∂E/∂x_l over all units, on the probe batch after an iteration.
public struct PropagationSnapshot: Sendable, Codable, Equatable {
    /// At one x_l, l = 0 … L. Norms are log10; `nil` where the norm is 0 or nothing was measured.
    public struct Row: Sendable, Codable, Equatable {
        public var gradientLog10: Double?
        public var directLog10: Double?
        public var throughWeightsLog10: Double?
        public var forwardRMS: Double?
        /// The share of y_l < 0 that f = ReLU cuts off.
        public var negativeShare: Double?

        public init(
            gradientLog10: Double?, directLog10: Double?, throughWeightsLog10: Double?, forwardRMS: Double?,
            negativeShare: Double?
        ) {
            self.gradientLog10 = gradientLog10
            self.directLog10 = directLog10
            self.throughWeightsLog10 = throughWeightsLog10
            self.forwardRMS = forwardRMS
            self.negativeShare = negativeShare
        }
    }

    /// Iterations done; 0 is the initialisation.
    public var iteration: Int
    public var rows: [Row]

    public init(iteration: Int, rows: [Row]) {
        self.iteration = iteration
        self.rows = rows
    }
}
