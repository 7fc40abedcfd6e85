import Foundation
import Tensors

extension ReferenceKernels {
    public func softmax(ofRows x: Tensor<Double>, isLogarithmic: Bool) -> Tensor<Double> {
        let column = Shape(axes: [x.shape[0], 1])
        let shifted = broadcast(x, largest(x, to: column), to: x.shape) {
            // Where all are −∞ there is nothing to shift.
            $1 == -.infinity ? $0 : $0 - $1
        }
        let total = sum(map(shifted) { exp($0) }, to: column)
        return broadcast(shifted, total, to: x.shape) { isLogarithmic ? $0 - log($1) : exp($0) / $1 }
    }

    public func softmaxPullback(
        _ cotangent: Tensor<Double>, ofRows y: Tensor<Double>, isLogarithmic: Bool
    ) -> Tensor<Double> {
        let column = Shape(axes: [y.shape[0], 1])
        guard isLogarithmic else { return softmaxPushforward(cotangent, ofRows: y, isLogarithmic: false) }
        let part = broadcast(map(y) { exp($0) }, sum(cotangent, to: column), to: y.shape) { $0 * $1 }
        return combine(cotangent, 1, part, -1)
    }

    public func softmaxPushforward(
        _ tangent: Tensor<Double>, ofRows y: Tensor<Double>, isLogarithmic: Bool
    ) -> Tensor<Double> {
        let p = isLogarithmic ? map(y) { exp($0) } : y
        let mean = sum(multiply(tangent, p), to: Shape(axes: [y.shape[0], 1]))
        let centred = broadcast(tangent, mean, to: y.shape) { $0 - $1 }
        return isLogarithmic ? centred : multiply(centred, p)
    }

    public func standardize(
        rows x: Tensor<Double>, epsilon: Double, subtractsMean: Bool
    ) -> (value: Tensor<Double>, inverseDeviation: Tensor<Double>) {
        let centred = subtractsMean ? subtractingMeans(x) : x
        let inverse = map(means(multiply(centred, centred))) { 1 / ($0 + epsilon).squareRoot() }
        return (broadcast(centred, inverse, to: x.shape) { $0 * $1 }, inverse)
    }

    public func standardizeDerivative(
        _ v: Tensor<Double>, ofRows y: Tensor<Double>, inverseDeviation: Tensor<Double>, subtractsMean: Bool
    ) -> Tensor<Double> {
        let along = broadcast(y, means(multiply(v, y)), to: y.shape) { $0 * $1 }
        let across = combine(subtractsMean ? subtractingMeans(v) : v, 1, along, -1)
        return broadcast(across, inverseDeviation, to: y.shape) { $0 * $1 }
    }

    /// The mean of every row of a matrix, as a column.
    private func means(_ x: Tensor<Double>) -> Tensor<Double> {
        scale(sum(x, to: Shape(axes: [x.shape[0], 1])), by: 1 / Double(max(1, x.shape[1])))
    }

    private func subtractingMeans(_ x: Tensor<Double>) -> Tensor<Double> {
        broadcast(x, means(x), to: x.shape) { $0 - $1 }
    }
}
