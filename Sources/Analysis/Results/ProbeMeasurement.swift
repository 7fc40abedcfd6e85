/// The forward-mode proof of one row of the decomposition (an independent code path).
///
/// A random vector v, with a component along the vector under test, is pushed up from x_l by
/// Jacobian-vector products: ⟨d_l, v⟩ must equal ⟨g_L, ∏ D_i H_i v⟩, and ⟨g_l, v⟩ must equal
/// ⟨g_L, ∏ D_i (H_i + J_i) v⟩. Errors are relative to the larger side.
///
/// A condition number is max ‖c_i‖·‖v_i‖ / |⟨c_l, v⟩| over i = l … L, with c = d or g and v_i the vector pushed to x_i:
/// ⟨c_i, v_i⟩ is the same number at every x_i, and rounding there is relative to the product of the norms.
public struct ProbeMeasurement: Sendable, Equatable {
    /// l, the unit whose input x_l the vector starts from.
    public var unit: Int
    /// `nil` where the direct term is exactly 0.
    public var probeErrorDirect: Double?
    public var probeErrorTotal: Double?
    /// `nil` where there is no error, or one that is not finite.
    public var probeConditionDirect: Double?
    public var probeConditionTotal: Double?
    /// Central difference of the loss against ⟨g_l, v⟩, relative to the larger side; only in Double.
    public var probeErrorLoss: Double?
    /// Where x_l stands at a kink of the loss, which has no derivative there: how far the slopes to either side differ,
    /// relative to ⟨g_l, v⟩; only in Double.
    public var probeKinkLoss: Double?

    public init(
        unit: Int, probeErrorDirect: Double? = nil, probeErrorTotal: Double? = nil,
        probeConditionDirect: Double? = nil, probeConditionTotal: Double? = nil,
        probeErrorLoss: Double? = nil, probeKinkLoss: Double? = nil
    ) {
        self.unit = unit
        self.probeErrorDirect = probeErrorDirect
        self.probeErrorTotal = probeErrorTotal
        self.probeConditionDirect = probeConditionDirect
        self.probeConditionTotal = probeConditionTotal
        self.probeErrorLoss = probeErrorLoss
        self.probeKinkLoss = probeKinkLoss
    }
}
