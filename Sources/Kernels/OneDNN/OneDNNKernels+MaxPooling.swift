import CFusedKernels
import Tensors

extension OneDNNKernels {
    public func maxPool(
        _ x: Tensor<Float>, _ window: PoolingWindow
    ) -> (pooled: Tensor<Float>, choice: PoolingChoice) {
        let output = window.output(for: x.shape)
        var pooled = Tensor<Float>(uninitialized: output, block: x.block)
        let count = pooled.storedCount
        let taps = [UInt8](unsafeUninitializedCapacity: count) { taps, filled in
            pooled.withUnsafeMutableBufferPointer { pooled in
                withElements(x) { source in
                    fk_max_pool(
                        x.fusedShape, Int64(x.shape.width), source, fk_window(window),
                        fk_shape(output, block: x.block), Int64(output.width), pooled.baseAddress,
                        taps.baseAddress, threads)
                }
            }
            filled = count
        }
        return (pooled, PoolingChoice(window: window, input: x.shape, block: x.block, taps: taps))
    }

    public func maxPoolPullback(_ cotangent: Tensor<Float>, _ choice: PoolingChoice) -> Tensor<Float> {
        choice.require(cotangent.shape, is: choice.output)
        let cotangent = cotangent.reblocked(to: choice.block)
        return .filled(choice.input, block: choice.block) { result in
            withElements(cotangent) { source in
                fk_max_pool_pullback(
                    cotangent.fusedShape, Int64(cotangent.shape.width), source, choice.taps,
                    fk_window(choice.window), fk_shape(choice.input, block: choice.block),
                    Int64(choice.input.width), result, threads)
            }
        }
    }

    public func maxPoolPushforward(_ tangent: Tensor<Float>, _ choice: PoolingChoice) -> Tensor<Float> {
        choice.require(tangent.shape, is: choice.input)
        let (tangent, output) = (tangent.reblocked(to: choice.block), choice.output)
        return .filled(output, block: choice.block) { result in
            withElements(tangent) { source in
                fk_max_pool_pushforward(
                    tangent.fusedShape, Int64(tangent.shape.width), source, choice.taps,
                    fk_window(choice.window), fk_shape(output, block: choice.block), Int64(output.width),
                    result, threads)
            }
        }
    }
}

extension PoolingChoice {
    /// Stops on a programming error that would make a kernel read past the end of a tensor.
    func require(_ shape: Shape, is expected: Shape) {
        precondition(shape == expected, "\(shape) against \(expected)")
    }
}

extension fk_window {
    fileprivate init(_ window: PoolingWindow) {
        self.init(
            kernel: Int64(window.kernel), stride: Int64(window.stride), padding: Int64(window.padding))
    }
}
