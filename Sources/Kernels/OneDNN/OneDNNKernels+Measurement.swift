import CFusedKernels
import Tensors

extension OneDNNKernels {
    public func sumOfSquares(_ x: Tensor<Float>) -> Double {
        withElements(x) { fk_sum_of_squares(Int64(x.storedCount), $0, threads) }
    }

    public func dot(_ x: Tensor<Float>, _ y: Tensor<Float>) -> Double {
        let block = x.commonBlock(with: y)
        let (x, y) = (x.reblocked(to: block), y.reblocked(to: block))
        return withElements(x, y) { fk_dot(Int64(x.storedCount), $0, $1, threads) }
    }

    public func dot(sample i: Int, of x: Tensor<Float>, sample j: Int, of y: Tensor<Float>) -> Double {
        precondition(
            x.shape.with(batch: 1) == y.shape.with(batch: 1) && i < x.shape.batch && j < y.shape.batch,
            "samples \(i) of \(x.shape) and \(j) of \(y.shape)")
        let y = y.reblocked(to: x.block)
        let size = x.storedCount / x.shape.batch
        return x.withUnsafeBufferPointer { x in
            y.withUnsafeBufferPointer { y in
                let (first, second) = (x[(i * size)...], y[(j * size)...])
                return fk_dot(
                    Int64(size), UnsafeBufferPointer(rebasing: first).baseAddress,
                    UnsafeBufferPointer(rebasing: second).baseAddress, threads)
            }
        }
    }

    public func negativeCount(_ x: Tensor<Float>) -> Int {
        Int(withElements(x) { fk_negative_count(Int64(x.storedCount), $0, threads) })
    }

    public func combineMeasured(
        _ x: consuming Tensor<Float>, _ a: Double, _ y: Tensor<Float>, _ b: Double
    ) -> (Tensor<Float>, squaredNorm: Double) {
        let block = x.commonBlock(with: y)
        x.reblock(to: block)
        let y = y.reblocked(to: block)
        let (count, shape) = (Int64(x.storedCount), x.shape)
        var squares = 0.0
        guard x.isUniquelyReferenced() else {
            let result = Tensor<Float>.filled(shape, block: block) { result in
                squares = withElements(x, y) {
                    fk_combine_measured(count, $0, Float(a), $1, Float(b), result, threads)
                }
            }
            return (result, squares)
        }
        x.withUnsafeMutableBufferPointer { x in
            squares = withElements(y) {
                fk_combine_measured(count, x.baseAddress, Float(a), $0, Float(b), x.baseAddress, threads)
            }
        }
        return (x, squares)
    }
}
