/// The forward-mode proof of one row of the decomposition (an independent code path).
///
/// Vectors are pushed up from x_l by Jacobian-vector products, to the next start point or to x_L (see `PathTangents`);
/// inner products with the cotangents there and at x_l must be equal. Errors are relative to the larger side, so that
/// each term is judged by its own size.
///
/// A condition number is max ‖c_i‖·‖v_i‖ over the way, relative to the larger side: the inner product is the same number
/// at every x_i, and rounding there is relative to the product of the norms.
public struct ProbeMeasurement: Sendable, Equatable {
    /// l, the unit whose input x_l the vectors start from.
    public var unit: Int
    /// `nil` where the direct term is exactly 0.
    public var probeErrorDirect: Double?
    public var probeErrorTotal: Double?
    /// `nil` where the term through weights is exactly 0.
    public var probeErrorThroughWeights: Double?
    /// `nil` where there is no error, or one that is not finite.
    public var probeConditionDirect: Double?
    public var probeConditionTotal: Double?
    public var probeConditionThroughWeights: Double?
    /// Central difference of the loss against ⟨g_l, v⟩, relative to the larger side; only in Double.
    public var probeErrorLoss: Double?
    /// Where x_l stands at a kink of the loss, which has no derivative there: how far the slopes to either side differ,
    /// relative to ⟨g_l, v⟩; only in Double.
    public var probeKinkLoss: Double?

    public init(
        unit: Int, probeErrorDirect: Double? = nil, probeErrorTotal: Double? = nil,
        probeErrorThroughWeights: Double? = nil, probeConditionDirect: Double? = nil,
        probeConditionTotal: Double? = nil, probeConditionThroughWeights: Double? = nil,
        probeErrorLoss: Double? = nil, probeKinkLoss: Double? = nil
    ) {
        self.unit = unit
        self.probeErrorDirect = probeErrorDirect
        self.probeErrorTotal = probeErrorTotal
        self.probeErrorThroughWeights = probeErrorThroughWeights
        self.probeConditionDirect = probeConditionDirect
        self.probeConditionTotal = probeConditionTotal
        self.probeConditionThroughWeights = probeConditionThroughWeights
        self.probeErrorLoss = probeErrorLoss
        self.probeKinkLoss = probeKinkLoss
    }
}
