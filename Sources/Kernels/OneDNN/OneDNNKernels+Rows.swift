import CFusedKernels
import Tensors

extension OneDNNKernels {
    public func softmax(ofRows x: Tensor<Float>, isLogarithmic: Bool) -> Tensor<Float> {
        alongRows(x, x) { rows, length, x, _, result in
            fk_softmax(rows, length, x, .init(isLogarithmic: isLogarithmic), result, threads)
        }
    }

    public func softmaxPullback(
        _ cotangent: Tensor<Float>, ofRows y: Tensor<Float>, isLogarithmic: Bool
    ) -> Tensor<Float> {
        alongRows(cotangent, y) {
            fk_softmax_pullback($0, $1, $2, $3, .init(isLogarithmic: isLogarithmic), $4, threads)
        }
    }

    public func softmaxPushforward(
        _ tangent: Tensor<Float>, ofRows y: Tensor<Float>, isLogarithmic: Bool
    ) -> Tensor<Float> {
        alongRows(tangent, y) {
            fk_softmax_pushforward($0, $1, $2, $3, .init(isLogarithmic: isLogarithmic), $4, threads)
        }
    }

    public func standardize(
        rows x: Tensor<Float>, epsilon: Double, subtractsMean: Bool
    ) -> (value: Tensor<Float>, inverseDeviation: Tensor<Float>) {
        var inverse = Tensor<Float>(uninitialized: Shape(axes: [x.shape[0], 1]))
        let value = inverse.withUnsafeMutableBufferPointer { inverse in
            alongRows(x, x) { rows, length, x, _, result in
                fk_standardize(
                    rows, length, x, epsilon, subtractsMean ? 1 : 0, result, inverse.baseAddress, threads)
            }
        }
        return (value, inverse)
    }

    public func standardizeDerivative(
        _ v: Tensor<Float>, ofRows y: Tensor<Float>, inverseDeviation: Tensor<Float>, subtractsMean: Bool
    ) -> Tensor<Float> {
        precondition(inverseDeviation.shape.count == y.shape[0], "\(inverseDeviation.shape) for \(y.shape)")
        return withElements(inverseDeviation.reblocked(to: 1)) { inverse in
            alongRows(v, y) {
                fk_standardize_derivative($0, $1, $2, $3, inverse, subtractsMean ? 1 : 0, $4, threads)
            }
        }
    }

    /// A matrix that `body` fills from two of its shape; it gets the number of rows, their length and the three.
    private func alongRows(
        _ x: Tensor<Float>, _ y: Tensor<Float>,
        _ body: (
            Int64, Int64, UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?
        ) -> Void
    ) -> Tensor<Float> {
        precondition(x.shape == y.shape && x.shape.rank == 2, "\(x.shape) and \(y.shape)")
        return .filled(x.shape, block: 1) { result in
            withElements(x.reblocked(to: 1), y.reblocked(to: 1)) {
                body(Int64(x.shape[0]), Int64(x.shape[1]), $0, $1, result)
            }
        }
    }
}

extension fk_softmax_kind {
    fileprivate init(isLogarithmic: Bool) { self = isLogarithmic ? fk_logarithmic : fk_plain }
}
