/// Singular values s of ∂x_to/∂x_from, the whole batch taken as one vector.
public struct JacobianSpectrum: Sendable, Equatable {
    public var from: Int
    public var to: Int
    /// Elements of x_from and of x_to.
    public var inputElements: Int
    public var outputElements: Int
    /// Steps of Golub–Kahan bidiagonalisation that were made.
    public var steps: Int
    /// log10 of the largest singular value found, a lower bound of the largest there is.
    public var largestLog10: Double
    /// A singular value lies within this part of the value found.
    public var largestRelativeError: Double
    /// log10 of the smallest found, an upper bound of the least of the min(inputs, outputs) there are; `nil` for 0.
    public var smallestLog10: Double?
    /// A singular value lies within this part of the value found.
    public var smallestRelativeError: Double?
    /// log10 of the mean of s² over the elements of x_from, by random probes.
    public var meanSquareLog10: Double
    /// Standard error of that mean, relative to it.
    public var meanSquareRelativeStandardError: Double
    /// log10 of the same mean for ∏ D H, the shortcuts alone; `nil` for 0.
    public var directMeanSquareLog10: Double?
    public var probes: Int

    public init(
        from: Int, to: Int, inputElements: Int, outputElements: Int, steps: Int, largestLog10: Double,
        largestRelativeError: Double, smallestLog10: Double?, smallestRelativeError: Double?,
        meanSquareLog10: Double, meanSquareRelativeStandardError: Double, directMeanSquareLog10: Double?,
        probes: Int
    ) {
        self.from = from
        self.to = to
        self.inputElements = inputElements
        self.outputElements = outputElements
        self.steps = steps
        self.largestLog10 = largestLog10
        self.largestRelativeError = largestRelativeError
        self.smallestLog10 = smallestLog10
        self.smallestRelativeError = smallestRelativeError
        self.meanSquareLog10 = meanSquareLog10
        self.meanSquareRelativeStandardError = meanSquareRelativeStandardError
        self.directMeanSquareLog10 = directMeanSquareLog10
        self.probes = probes
    }

    /// log10 of the largest over the smallest value found: a lower bound of the condition number.
    public var conditionLog10: Double? { smallestLog10.map { largestLog10 - $0 } }

    var scalars: [NamedScalar] {
        [
            NamedScalar("jacobian_largest_log10", largestLog10),
            NamedScalar("jacobian_smallest_log10", smallestLog10),
            NamedScalar("jacobian_condition_log10", conditionLog10),
            NamedScalar("jacobian_mean_square_log10", meanSquareLog10),
            NamedScalar("jacobian_direct_mean_square_log10", directMeanSquareLog10),
        ]
    }
}
