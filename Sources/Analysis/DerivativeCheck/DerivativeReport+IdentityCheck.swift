extension DerivativeReport {
    /// Beside the identities of an analysis; `nil` where every operation is built in.
    var identityCheck: IdentityCheck? {
        guard operations > 0 else { return nil }
        var check = IdentityCheck(
            name: "derivatives",
            statement: "JVP and VJP of every h, F and f that is not built in are derivatives of its value",
            worstError: Double(failures.count), worstUnit: nil, tolerance: 0,
            toleranceReason:
                "derivatives that differences of the value contradict, in double precision in a small network of the same "
                + "units (seed \(seed))",
            passed: outcome)
        check.findings = sentences + (obstacle.map { [$0] } ?? [])
        return check
    }
}
