import NumericalMethods
import Training

/// How much training the rows of a table get.
public struct ConfirmationScale: Sendable, Codable, Equatable {
    public var name: String
    public var recipe: TrainingRecipe
    /// The depth of every row in place of the paper's; `nil` for the paper's.
    public var depth: Int?
    /// Channels of the first stage; the paper's is 16.
    public var baseWidth: Int
    /// Points of the training curve, each with a test.
    public var curvePoints: Int
    /// A test error above this, as a share, at the end is a failure to converge, and so is a loss that explodes or is not
    /// finite.
    public var failingError: Double
    /// Images on which signals are measured before and after training.
    public var probeImages: Int

    public init(
        name: String, recipe: TrainingRecipe, depth: Int? = nil, baseWidth: Int = 16, curvePoints: Int,
        failingError: Double = 0.2, probeImages: Int = 16
    ) {
        self.name = name
        self.recipe = recipe
        self.depth = depth
        self.baseWidth = baseWidth
        self.curvePoints = curvePoints
        self.failingError = failingError
        self.probeImages = probeImages
    }

    /// Iterations from one point of the training curve to the next.
    public var evaluationInterval: Int {
        max(1, Int(saturating: (Double(recipe.iterations) / Double(max(1, curvePoints))).rounded()))
    }

    /// The rule by which a row fails, in a sentence.
    public var failureRule: String {
        "A row fails to converge where its test error after the last iteration is above "
            + "\(Int(saturating: (100 * failingError).rounded())) % (the paper’s rule), or its loss explodes or stops being finite."
    }
}

extension ConfirmationScale {
    /// The paper's depths on digits of 8 × 8: Table 1 takes about half an hour on two cores.
    ///
    /// As in the paper the recipe was chosen on the baseline, identity shortcuts with the original unit, and is every
    /// row's. At the digits' own rate of 0.1 the baseline of 110 layers does not converge in so few iterations: it
    /// starts at a loss of 8 and ends at test errors of 53 and 64 %; at 0.02 at 1 to 2 %.
    public static let standard = ConfirmationScale(
        name: "standard", recipe: TrainingRecipe.digits.stretched(to: 500).at(rate: 0.02),
        curvePoints: 20)
    /// A demonstration of a few minutes: 20 layers on digits of 8 × 8.
    public static let small = ConfirmationScale(
        name: "small", recipe: TrainingRecipe.digits.stretched(to: 150), depth: 20, curvePoints: 15)
    /// The paper's own training on CIFAR.
    public static let paper = ConfirmationScale(
        name: "paper", recipe: .paper, curvePoints: 160)

    public static let all: [ConfirmationScale] = [standard, small, paper]
}

extension TrainingRecipe {
    /// The same with another learning rate after the warm-up.
    fileprivate func at(rate: Double) -> TrainingRecipe {
        var recipe = self
        recipe.optimization.schedule.base = rate
        return recipe
    }
}
