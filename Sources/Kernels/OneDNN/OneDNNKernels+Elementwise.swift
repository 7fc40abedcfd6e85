import CFusedKernels
import Tensors

extension OneDNNKernels {
    public func rectify(_ x: Tensor<Float>) -> Tensor<Float> {
        x.sameExtent { result in
            withElements(x) { fk_rectify(Int64(x.storedCount), $0, result, threads) }
        }
    }

    public func keep(_ v: Tensor<Float>, wherePositive y: Tensor<Float>) -> Tensor<Float> {
        requireSameExtent(v, y)
        return v.sameExtent { result in
            withElements(v, y) { fk_keep_where_positive(Int64(v.storedCount), $0, $1, result, threads) }
        }
    }

    public func sigmoid(_ x: Tensor<Float>) -> Tensor<Float> {
        x.sameExtent { result in
            withElements(x) { fk_sigmoid(x.fusedShape, $0, result, threads) }
        }
    }

    public func multiply(_ a: Tensor<Float>, _ b: Tensor<Float>) -> Tensor<Float> {
        requireSameExtent(a, b)
        return a.sameExtent { result in
            withElements(a, b) { fk_multiply(Int64(a.storedCount), $0, $1, result, threads) }
        }
    }

    public func combine(
        _ x: Tensor<Float>, _ a: Double, _ y: Tensor<Float>, _ b: Double
    ) -> Tensor<Float> {
        let (a, b) = (Float(a), Float(b))
        if b == 0 { return scale(x, by: a) }
        if a == 0 { return scale(y, by: b) }
        requireSameExtent(x, y)
        return x.sameExtent { result in
            withElements(x, y) { fk_combine(Int64(x.storedCount), $0, a, $1, b, result, threads) }
        }
    }

    public func scale(_ x: Tensor<Float>, by a: Double) -> Tensor<Float> { scale(x, by: Float(a)) }

    private func scale(_ x: Tensor<Float>, by a: Float) -> Tensor<Float> {
        guard a != 0 else { return Tensor(zeros: x.shape, block: x.block) }
        return x.sameExtent { result in
            withElements(x) { fk_scale(Int64(x.storedCount), $0, a, result, threads) }
        }
    }
}
