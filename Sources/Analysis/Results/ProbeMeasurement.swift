/// The forward-mode proof of one row of the decomposition (an independent code path).
///
/// A random vector v, with a component along the vector under test, is pushed up from x_l by
/// Jacobian-vector products: ⟨d_l, v⟩ must equal ⟨g_L, ∏ D_i H_i v⟩, and ⟨g_l, v⟩ must equal
/// ⟨g_L, ∏ D_i (H_i + J_i) v⟩. Errors are relative to the larger side.
public struct ProbeMeasurement: Sendable, Equatable {
    /// l, the unit whose input x_l the vector starts from.
    public var unit: Int
    /// `nil` where the direct term is exactly 0.
    public var probeErrorDirect: Double?
    public var probeErrorTotal: Double?
    /// Central difference of the loss against ⟨g_l, v⟩, relative to the larger side; only in Double.
    public var probeErrorLoss: Double?

    public init(
        unit: Int, probeErrorDirect: Double? = nil, probeErrorTotal: Double? = nil,
        probeErrorLoss: Double? = nil
    ) {
        self.unit = unit
        self.probeErrorDirect = probeErrorDirect
        self.probeErrorTotal = probeErrorTotal
        self.probeErrorLoss = probeErrorLoss
    }
}
