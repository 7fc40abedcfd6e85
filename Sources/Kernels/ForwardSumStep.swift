import Tensors

/// One step of the forward sum of Eqn. 4/7: `s ← c·s + b·F`, and the terms of its check `x = a·q + s`.
public struct ForwardSumStep<Scalar: TensorScalar>: Sendable {
    /// h(s) and its coefficient; a coefficient of 0 means the tensor is not read.
    public var previous: Tensor<Scalar>
    public var previousCoefficient: Double
    /// F and its coefficient.
    public var branch: Tensor<Scalar>
    public var branchCoefficient: Double
    /// x_{l+1}.
    public var value: Tensor<Scalar>
    /// (∏ h)(x_s) and its coefficient; a coefficient of 0 means the tensor is not read.
    public var carried: Tensor<Scalar>
    public var carriedCoefficient: Double

    public init(
        previous: Tensor<Scalar>, previousCoefficient: Double, branch: Tensor<Scalar>,
        branchCoefficient: Double, value: Tensor<Scalar>, carried: Tensor<Scalar>, carriedCoefficient: Double
    ) {
        self.previous = previous
        self.previousCoefficient = previousCoefficient
        self.branch = branch
        self.branchCoefficient = branchCoefficient
        self.value = value
        self.carried = carried
        self.carriedCoefficient = carriedCoefficient
    }
}

/// Sums of squares over all elements.
public struct ForwardSumSquares: Sendable, Equatable {
    /// Of the new s.
    public var sum: Double
    /// Of x.
    public var value: Double
    /// Of a·q.
    public var carried: Double
    /// Of x − a·q − s.
    public var residual: Double

    public init(sum: Double, value: Double, carried: Double, residual: Double) {
        self.sum = sum
        self.value = value
        self.carried = carried
        self.residual = residual
    }
}
