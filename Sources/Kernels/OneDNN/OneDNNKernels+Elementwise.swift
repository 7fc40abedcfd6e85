import CFusedKernels
import Tensors

extension OneDNNKernels {
    public func rectify(_ x: consuming Tensor<Float>) -> Tensor<Float> {
        let count = Int64(x.storedCount)
        return replacing(x) { fk_rectify(count, $0, $1, threads) }
    }

    public func keep(_ v: consuming Tensor<Float>, wherePositive y: Tensor<Float>) -> Tensor<Float> {
        replacing(v, reading: y) { fk_keep_where_positive($3.storedCount, $0, $1, $2, threads) }
    }

    public func sigmoid(_ x: consuming Tensor<Float>, offset: Double) -> Tensor<Float> {
        let shape = x.fusedShape
        return replacing(x) { fk_sigmoid(shape, $0, Float(offset), $1, threads) }
    }

    public func multiply(_ a: consuming Tensor<Float>, _ b: Tensor<Float>) -> Tensor<Float> {
        replacing(a, reading: b) { fk_multiply($3.storedCount, $0, $1, $2, threads) }
    }

    public func combine(
        _ x: consuming Tensor<Float>, _ a: Double, _ y: Tensor<Float>, _ b: Double
    ) -> Tensor<Float> {
        let (a, b) = (Float(a), Float(b))
        if b == 0 { return scale(x, by: a) }
        if a == 0 { return scale(y, by: b) }
        return replacing(x, reading: y) { fk_combine($3.storedCount, $0, a, $1, b, $2, threads) }
    }

    public func scale(_ x: consuming Tensor<Float>, by a: Double) -> Tensor<Float> { scale(x, by: Float(a)) }

    private func scale(_ x: consuming Tensor<Float>, by a: Float) -> Tensor<Float> {
        guard a != 0 else { return Tensor(zeros: x.shape, block: x.block) }
        let count = Int64(x.storedCount)
        return replacing(x) { fk_scale(count, $0, a, $1, threads) }
    }
}
