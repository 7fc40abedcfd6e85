internal import CGSL

/// Adaptive Gauss–Kronrod integration (QUADPACK's QAGP, QAGIU and QAGIL through GSL).
public enum Integration {
    /// An integral and GSL's bound on its absolute error.
    public struct Integral: Equatable, Sendable {
        public let value: Double
        public let errorBound: Double
    }

    /// When to stop: as soon as the error bound is below
    /// `max(absolute, relative·|integral|)`.
    public struct Tolerance: Equatable, Sendable {
        public let absolute: Double
        public let relative: Double

        public init(absolute: Double = 1e-14, relative: Double = 1e-10) {
            self.absolute = absolute
            self.relative = relative
        }
    }

    /// ∫ f over `[lower, upper]`; either bound may be infinite.
    ///
    /// `breakpoints` names the places where f or its derivative jumps: quadrature
    /// converges slowly across a kink, and at once when the kink is an end of its
    /// interval. Those outside the bounds are ignored. An integrand that is not
    /// finite, or does not converge, is an error.
    public static func integrate(
        from lower: Double, to upper: Double, breakpoints: [Double] = [],
        tolerance: Tolerance = Tolerance(), _ integrand: @escaping (Double) -> Double
    ) throws(NumericalError) -> Integral {
        guard lower < upper else {
            throw .invalidArgument(
                operation: "an integral",
                requirement: "a lower bound below the upper, not \(lower) and \(upper)")
        }
        try NumericalError.requireFinite(breakpoints, "an integral's breakpoints")
        var edges = Set(breakpoints.filter { $0 > lower && $0 < upper }).sorted()
        if edges.isEmpty && (lower.isInfinite || upper.isInfinite) {
            edges = [lower.isFinite ? lower : upper.isFinite ? upper : 0]
        }
        if lower.isFinite && edges.first != lower { edges.insert(lower, at: 0) }
        if upper.isFinite && edges.last != upper { edges.append(upper) }
        let workspace = try IntegrationWorkspace()
        let function = GSLFunction(integrand)
        return try function.lend { pointer throws(NumericalError) in
            var parts: [Integral] = []
            if lower.isInfinite { parts.append(try workspace.below(edges[0], pointer, tolerance)) }
            if edges.count > 1 { parts.append(try workspace.between(edges, pointer, tolerance)) }
            if upper.isInfinite {
                parts.append(try workspace.above(edges[edges.count - 1], pointer, tolerance))
            }
            return Integral(
                value: parts.reduce(0) { $0 + $1.value },
                errorBound: parts.reduce(0) { $0 + $1.errorBound })
        }
    }
}
