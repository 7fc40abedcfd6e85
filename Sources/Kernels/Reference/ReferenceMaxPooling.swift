import Tensors

extension ReferenceKernels {
    public func maxPool(
        _ x: Tensor<Double>, _ window: PoolingWindow
    ) -> (pooled: Tensor<Double>, choice: PoolingChoice) {
        let (input, output) = (x.shape, window.output(for: x.shape))
        var pooled = Tensor<Double>(uninitialized: output)
        var taps = [UInt8](repeating: 0, count: output.count)
        x.withUnsafeBufferPointer { x in
            pooled.withUnsafeMutableBufferPointer { pooled in
                for index in 0..<output.count {
                    var best: (value: Double, tap: Int)?
                    for tap in 0..<(window.kernel * window.kernel) {
                        guard let source = window.source(of: index, tap: tap, input, output) else { continue }
                        if let best, !(x[source] > best.value || x[source].isNaN) { continue }
                        best = (x[source], tap)
                    }
                    pooled[index] = best?.value ?? 0
                    taps[index] = UInt8(best?.tap ?? 0)
                }
            }
        }
        return (pooled, PoolingChoice(window: window, input: input, block: 1, taps: taps))
    }

    public func maxPoolPullback(_ cotangent: Tensor<Double>, _ choice: PoolingChoice) -> Tensor<Double> {
        choice.require(cotangent.shape, is: choice.output)
        var result = Tensor<Double>(zeros: choice.input)
        cotangent.withUnsafeBufferPointer { cotangent in
            result.withUnsafeMutableBufferPointer { result in
                choice.forEachChosen { source, index in result[source] += cotangent[index] }
            }
        }
        return result
    }

    public func maxPoolPushforward(_ tangent: Tensor<Double>, _ choice: PoolingChoice) -> Tensor<Double> {
        choice.require(tangent.shape, is: choice.input)
        var result = Tensor<Double>(zeros: choice.output)
        tangent.withUnsafeBufferPointer { tangent in
            result.withUnsafeMutableBufferPointer { result in
                choice.forEachChosen { source, index in result[index] = tangent[source] }
            }
        }
        return result
    }
}

extension PoolingWindow {
    /// The index in a plain input of a place in the window of a pooled element; `nil` outside the image.
    fileprivate func source(of index: Int, tap: Int, _ input: Shape, _ output: Shape) -> Int? {
        let (plane, pixel) = index.quotientAndRemainder(dividingBy: output.area)
        let row = pixel / output.width * stride - padding + tap / kernel
        let column = pixel % output.width * stride - padding + tap % kernel
        guard (0..<input.height).contains(row), (0..<input.width).contains(column) else { return nil }
        return plane * input.area + row * input.width + column
    }
}

extension PoolingChoice {
    /// Visits the pairs of plain indices that the choice connects.
    fileprivate func forEachChosen(_ visit: (_ input: Int, _ output: Int) -> Void) {
        let output = output
        for (index, tap) in taps.enumerated() {
            guard let source = window.source(of: index, tap: Int(tap), input, output) else { continue }
            visit(source, index)
        }
    }
}
