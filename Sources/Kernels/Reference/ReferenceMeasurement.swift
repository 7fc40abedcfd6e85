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
                let size = x.shape.count / x.shape.batch
                return zip(first[(i * size)..<((i + 1) * size)], second[(j * size)..<((j + 1) * size)])
                    .reduce(0) { $0 + $1.0 * $1.1 }
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

    public func advanceForwardSum(
        _ step: consuming ForwardSumStep<Double>
    ) -> (sum: Tensor<Double>, squares: ForwardSumSquares) {
        let sum = combine(step.previous, step.previousCoefficient, step.branch, step.branchCoefficient)
        let carried = scale(step.carried, by: step.carriedCoefficient)
        let residual = combine(step.value, 1, combine(carried, 1, sum, 1), -1)
        return (
            sum,
            ForwardSumSquares(
                sum: sumOfSquares(sum), value: sumOfSquares(step.value), carried: sumOfSquares(carried),
                residual: sumOfSquares(residual))
        )
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
