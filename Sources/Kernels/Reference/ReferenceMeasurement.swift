import Tensors

extension ReferenceKernels {
    public func sumOfSquares(_ x: Tensor<Double>) -> Double { dot(x, x) }

    public func dot(_ x: Tensor<Double>, _ y: Tensor<Double>) -> Double {
        var sum = 0.0
        x.withUnsafeBufferPointer { x in
            y.withUnsafeBufferPointer { y in
                for index in 0..<x.count { sum += x[index] * y[index] }
            }
        }
        return sum
    }

    public func dot(
        sample i: Int, of x: Tensor<Double>, sample j: Int, of y: Tensor<Double>
    ) -> Double {
        x.withUnsafeBufferPointer { first in
            y.withUnsafeBufferPointer { second in
                let (first, second) = (first.sample(i, of: x.shape), second.sample(j, of: y.shape))
                return zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
            }
        }
    }

    public func negativeCount(_ x: Tensor<Double>) -> Int {
        x.withUnsafeBufferPointer { x in x.reduce(into: 0) { $0 += $1 < 0 ? 1 : 0 } }
    }

    public func combineMeasured(
        _ x: consuming Tensor<Double>, _ a: Double, _ y: Tensor<Double>, _ b: Double
    ) -> (Tensor<Double>, squaredNorm: Double) {
        let result = combine(x, a, y, b)
        return (result, sumOfSquares(result))
    }

    public func squaredResidual(
        _ x: Tensor<Double>, of p: Tensor<Double>, plus q: Tensor<Double>, _ a: Double
    ) -> SquaredResidual {
        let sum = combine(q, a, p, 1)
        return SquaredResidual(
            residual: sumOfSquares(combine(x, 1, sum, -1)), value: sumOfSquares(x),
            carried: a * a * sumOfSquares(q))
    }

    public func decompose(
        _ step: consuming DecompositionStep<Double>
    ) -> (total: Tensor<Double>, throughWeights: Tensor<Double>, sums: DecompositionSums) {
        let total = combine(step.total, step.totalCoefficient, step.branch, step.branchInTotal)
        let through = combine(
            step.throughWeights, step.throughWeightsCoefficient, step.branch, step.branchInThroughWeights)
        var sums = DecompositionSums()
        sums.total = sumOfSquares(total)
        sums.direct = sumOfSquares(step.direct)
        sums.throughWeights = sumOfSquares(through)
        sums.directTimesThroughWeights = dot(step.direct, through)
        let carried = combine(step.direct, step.residual.direct, through, step.residual.throughWeights)
        sums.residual = sumOfSquares(combine(total, step.residual.total, carried, -1))
        return (total, through, sums)
    }
}
