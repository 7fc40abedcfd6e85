internal import CGSL

/// Owns the interval list of GSL's adaptive integrators.
struct IntegrationWorkspace: ~Copyable {
    /// Bisections before giving up: QUADPACK's users rarely need a tenth of it.
    private static let limit = 1000
    private let pointer: UnsafeMutablePointer<gsl_integration_workspace>

    init() throws(NumericalError) {
        guard let pointer = gsl_integration_workspace_alloc(Self.limit) else {
            throw .outOfMemory("an integral")
        }
        self.pointer = pointer
    }

    deinit { gsl_integration_workspace_free(pointer) }

    /// ∫ over `[edges.first, edges.last]`, split at the edges between.
    func between(
        _ edges: [Double], _ function: UnsafeMutablePointer<gsl_function>, _ tolerance: Integration.Tolerance
    ) throws(NumericalError) -> Integration.Integral {
        guard edges.count < Self.limit else {
            throw .invalidArgument(
                operation: "an integral", requirement: "fewer than \(Self.limit - 2) breakpoints")
        }
        var edges = edges
        return try result { value, error in
            gsl_integration_qagp(
                function, &edges, edges.count, tolerance.absolute, tolerance.relative, Self.limit, pointer,
                &value, &error)
        }
    }

    /// ∫ over `[lower, ∞)`.
    func above(
        _ lower: Double, _ function: UnsafeMutablePointer<gsl_function>, _ tolerance: Integration.Tolerance
    ) throws(NumericalError) -> Integration.Integral {
        try result { value, error in
            gsl_integration_qagiu(
                function, lower, tolerance.absolute, tolerance.relative, Self.limit, pointer, &value, &error)
        }
    }

    /// ∫ over `(−∞, upper]`.
    func below(
        _ upper: Double, _ function: UnsafeMutablePointer<gsl_function>, _ tolerance: Integration.Tolerance
    ) throws(NumericalError) -> Integration.Integral {
        try result { value, error in
            gsl_integration_qagil(
                function, upper, tolerance.absolute, tolerance.relative, Self.limit, pointer, &value, &error)
        }
    }

    private func result(
        _ integrate: (inout Double, inout Double) -> Int32
    ) throws(NumericalError) -> Integration.Integral {
        var (value, error) = (0.0, 0.0)
        let status = integrate(&value, &error)
        // Checked first: NaN makes GSL fail with a reason that points elsewhere.
        guard value.isFinite else {
            throw .invalidArgument(operation: "an integral", requirement: "an integrand that is finite")
        }
        try NumericalError.check(status, "an integral")
        return Integration.Integral(value: value, errorBound: error)
    }
}
