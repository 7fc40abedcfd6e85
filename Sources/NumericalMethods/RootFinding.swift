internal import CGSL

/// Zeros of functions of one variable.
public enum RootFinding {
    /// Iterations before giving up; bisection alone would need 1100 in the worst case.
    private static let limit = 1100

    /// A zero of a continuous function inside `bracket`, at whose ends its signs differ
    /// (Brent's method through GSL; as safe as bisection, and faster).
    ///
    /// Stops when the zero is enclosed to within `tolerance` relative to itself, or
    /// `absoluteTolerance` where the zero is 0.
    public static func brent(
        in bracket: ClosedRange<Double>, tolerance: Double = 1e-12, absoluteTolerance: Double = 1e-300,
        _ function: @escaping (Double) -> Double
    ) throws(NumericalError) -> Double {
        let operation = "a root search"
        let ends = [bracket.lowerBound, bracket.upperBound]
        try NumericalError.requireFinite(ends, operation)
        let values = ends.map(function)
        try NumericalError.requireFinite(values, operation)
        for (end, value) in zip(ends, values) where value == 0 { return end }
        guard (values[0] < 0) != (values[1] < 0) else {
            throw .invalidArgument(
                operation: operation,
                requirement: "a sign change between \(ends[0]) and \(ends[1]); "
                    + "the function is \(values[0]) and \(values[1]) there")
        }
        let solver = try BracketingSolver()
        return try GSLFunction(function).lend { pointer throws(NumericalError) in
            try NumericalError.check(solver.set(pointer, bracket), operation)
            for _ in 0..<limit {
                try NumericalError.check(solver.iterate(), operation)
                if solver.hasConverged(relative: tolerance, absolute: absoluteTolerance) {
                    return solver.root
                }
            }
            throw .failed(operation: operation, code: GSL_EMAXITER, reason: "no convergence")
        }
    }
}

/// Owns GSL's bracketing solver.
private struct BracketingSolver: ~Copyable {
    private let pointer: UnsafeMutablePointer<gsl_root_fsolver>

    init() throws(NumericalError) {
        guard let pointer = gsl_root_fsolver_alloc(cgsl_root_brent()) else {
            throw .outOfMemory("a root search")
        }
        self.pointer = pointer
    }

    deinit { gsl_root_fsolver_free(pointer) }

    var root: Double { gsl_root_fsolver_root(pointer) }

    func set(_ function: UnsafeMutablePointer<gsl_function>, _ bracket: ClosedRange<Double>) -> Int32 {
        gsl_root_fsolver_set(pointer, function, bracket.lowerBound, bracket.upperBound)
    }

    func iterate() -> Int32 { gsl_root_fsolver_iterate(pointer) }

    func hasConverged(relative: Double, absolute: Double) -> Bool {
        gsl_root_test_interval(
            gsl_root_fsolver_x_lower(pointer), gsl_root_fsolver_x_upper(pointer), absolute, relative)
            == Int32(GSL_SUCCESS)
    }
}
