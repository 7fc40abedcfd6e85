import CFusedKernels
import Tensors

// In blocks, whose channels are worked on side by side: a plain map is brought into them.
extension OneDNNKernels {
    public func maxPool(
        _ x: Tensor<Float>, _ window: ConvolutionWindow
    ) -> (pooled: Tensor<Float>, choice: PoolingChoice) {
        let x = pooledInBlocks(x)
        let pooling = fk_pooling(window, x.shape, block: x.block)
        var pooled = Tensor<Float>(uninitialized: window.pooled(x.shape), block: x.block)
        let count = pooled.storedCount
        let taps = [UInt16](unsafeUninitializedCapacity: count) { taps, filled in
            pooled.withUnsafeMutableBufferPointer { pooled in
                withElements(x) { source in
                    fk_max_pool(pooling, source, pooled.baseAddress, taps.baseAddress, threads)
                }
            }
            filled = count
        }
        return (pooled, PoolingChoice(window: window, input: x.shape, block: x.block, taps: taps))
    }

    public func maxPoolPullback(_ cotangent: Tensor<Float>, _ choice: PoolingChoice) -> Tensor<Float> {
        choice.require(cotangent.shape, is: choice.output)
        let pooling = fk_pooling(choice.window, choice.input, block: choice.block)
        return .filled(choice.input, block: choice.block) { result in
            withElements(cotangent.reblocked(to: choice.block)) { source in
                fk_max_pool_pullback(pooling, source, choice.taps, result, threads)
            }
        }
    }

    public func maxPoolPushforward(_ tangent: Tensor<Float>, _ choice: PoolingChoice) -> Tensor<Float> {
        choice.require(tangent.shape, is: choice.input)
        let pooling = fk_pooling(choice.window, choice.input, block: choice.block)
        return .filled(choice.output, block: choice.block) { result in
            withElements(tangent.reblocked(to: choice.block)) { source in
                fk_max_pool_pushforward(pooling, source, choice.taps, result, threads)
            }
        }
    }

    public func averagePool(
        _ x: Tensor<Float>, _ window: ConvolutionWindow, divisors: [Double]
    ) -> Tensor<Float> {
        let x = pooledInBlocks(x)
        let pooling = fk_pooling(window, x.shape, block: x.block)
        precondition(divisors.count == window.pooled(x.shape).area, "\(divisors.count) divisors")
        return .filled(window.pooled(x.shape), block: x.block) { result in
            withElements(x) { fk_average_pool(pooling, $0, Float.rounding(divisors), result, threads) }
        }
    }

    public func averagePoolPullback(
        _ cotangent: Tensor<Float>, to input: Shape, _ window: ConvolutionWindow, divisors: [Double]
    ) -> Tensor<Float> {
        precondition(
            cotangent.shape == window.pooled(input) && divisors.count == cotangent.shape.area,
            "\(cotangent.shape) against \(input)")
        let cotangent = pooledInBlocks(cotangent)
        let pooling = fk_pooling(window, input, block: cotangent.block)
        return .filled(input, block: cotangent.block) { result in
            withElements(cotangent) {
                fk_average_pool_pullback(pooling, $0, Float.rounding(divisors), result, threads)
            }
        }
    }

    private func pooledInBlocks(_ x: Tensor<Float>) -> Tensor<Float> {
        x.block > 1 ? x : x.reblocked(to: Self.channelBlock)
    }
}

extension fk_pooling {
    fileprivate init(_ window: ConvolutionWindow, _ input: Shape, block: Int) {
        precondition(window.axes.count <= 3 && 16 % block == 0, "a window of \(window.axes.count) axes")
        let one = fk_pooling_axis(input: 1, output: 1, kernel: 1, stride: 1, dilation: 1, before: 0)
        let axes =
            Array(repeating: one, count: 3 - window.axes.count)
            + window.axes.enumerated().map { index, axis in
                fk_pooling_axis(
                    input: Int64(input[index + 2]), output: Int64(axis.outputs(of: input[index + 2])),
                    kernel: Int64(axis.kernel), stride: Int64(axis.stride), dilation: Int64(axis.dilation),
                    before: Int64(axis.before))
            }
        let planes = input.batch * input.channels.rounded(upToMultipleOf: block) / block
        self.init(
            planes: Int64(planes), block: Int64(block), depth: axes[0], height: axes[1], width: axes[2])
    }
}
