internal import CGSL

/// The least-squares line `y = intercept + slope·x` with the uncertainty of both.
///
/// Standard errors are those of ordinary least squares with the noise estimated
/// from the residuals, `s² = Σr²/(n−2)`.
public struct LinearFit: Equatable, Sendable {
    public let intercept: Double
    public let slope: Double
    public let interceptStandardError: Double
    public let slopeStandardError: Double
    /// Σ (y − intercept − slope·x)².
    public let residualSumOfSquares: Double

    /// Fits a line to points with equal weights.
    ///
    /// Needs three points (two leave no residual to estimate an error from), finite,
    /// with at least two different x.
    public init(x: [Double], y: [Double]) throws(NumericalError) {
        let operation = "a linear fit"
        guard x.count == y.count else {
            throw .sizeMismatch(operation: operation, expected: x.count, found: y.count)
        }
        guard x.count >= 3 else {
            throw .tooFewValues(operation: operation, needed: 3, found: x.count)
        }
        try NumericalError.requireFinite(x, operation)
        try NumericalError.requireFinite(y, operation)
        guard x.contains(where: { $0 != x[0] }) else {
            throw .invalidArgument(operation: operation, requirement: "at least two different x")
        }
        var (c0, c1, cov00, cov01, cov11, squares) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        let status = gsl_fit_linear(
            x, 1, y, 1, x.count, &c0, &c1, &cov00, &cov01, &cov11, &squares)
        try NumericalError.check(status, operation)
        intercept = c0
        slope = c1
        interceptStandardError = cov00.squareRoot()
        slopeStandardError = cov11.squareRoot()
        residualSumOfSquares = squares
    }

    /// The line at `x`.
    public func value(at x: Double) -> Double { intercept + slope * x }
}
