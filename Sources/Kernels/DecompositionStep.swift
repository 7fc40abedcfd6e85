import Tensors

/// One step of the three recursions of the decomposition (Eqn. 5/8), after the shortcut's pull-back:
/// `g ← a·Hᵀg + b·j`, `w ← a'·Hᵀw + b'·j`, and what is measured of g, d, w while they are in cache.
public struct DecompositionStep<Scalar: TensorScalar>: Sendable {
    /// HᵀDᵀg and its coefficient.
    public var total: Tensor<Scalar>
    public var totalCoefficient: Double
    /// HᵀDᵀw and its coefficient; a coefficient of 0 means the tensor is not read.
    public var throughWeights: Tensor<Scalar>
    public var throughWeightsCoefficient: Double
    /// j = JᵀDᵀg and its coefficients in g and in w.
    public var branch: Tensor<Scalar>
    public var branchInTotal: Double
    public var branchInThroughWeights: Double
    /// d, only read; the three coefficients bring g, d and w to one scale for the sum check.
    public var direct: Tensor<Scalar>
    public var residual: (total: Double, direct: Double, throughWeights: Double)

    public init(
        total: Tensor<Scalar>, totalCoefficient: Double, throughWeights: Tensor<Scalar>,
        throughWeightsCoefficient: Double, branch: Tensor<Scalar>, branchInTotal: Double,
        branchInThroughWeights: Double, direct: Tensor<Scalar>,
        residual: (total: Double, direct: Double, throughWeights: Double)
    ) {
        self.total = total
        self.totalCoefficient = totalCoefficient
        self.throughWeights = throughWeights
        self.throughWeightsCoefficient = throughWeightsCoefficient
        self.branch = branch
        self.branchInTotal = branchInTotal
        self.branchInThroughWeights = branchInThroughWeights
        self.direct = direct
        self.residual = residual
    }
}

/// Sums over all elements of the stored tensors (scales not applied).
public struct DecompositionSums: Sendable, Equatable {
    public var total = 0.0
    public var direct = 0.0
    public var throughWeights = 0.0
    /// Σ d·w.
    public var directTimesThroughWeights = 0.0
    /// Σ (g − d − w)², each under its residual coefficient.
    public var residual = 0.0

    public init() {}
}
