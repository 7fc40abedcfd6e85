import CFusedKernels
import Tensors

extension OneDNNKernels {
    public func channelStatistics(_ x: Tensor<Float>) -> ChannelStatistics {
        var mean = [Double](repeating: 0, count: x.shape.channels)
        var variance = mean
        withElements(x) { fk_channel_statistics(x.fusedShape, $0, &mean, &variance, threads) }
        return ChannelStatistics(
            mean: mean, variance: variance, elements: x.shape.batch * x.shape.area)
    }

    public func normalize(_ x: consuming Tensor<Float>, _ normalization: Normalization) -> Tensor<Float> {
        normalization.requireChannels(x.shape.channels)
        let shape = x.fusedShape
        return replacing(x) { x, result in
            normalization.withFused { fk_normalize(shape, x, $0, result, threads) }
        }
    }

    public func normalizePullback(
        _ cotangent: consuming Tensor<Float>, at x: Tensor<Float>, _ normalization: Normalization
    ) -> Tensor<Float> {
        normalization.requireChannels(x.shape.channels)
        return replacing(cotangent, reading: x) { cotangent, x, result, shape in
            normalization.withFused {
                fk_normalize_pullback(shape, cotangent, x, $0, result, nil, nil, threads)
            }
        }
    }

    public func normalizePushforward(
        _ tangent: consuming Tensor<Float>, at x: Tensor<Float>, _ normalization: Normalization
    ) -> Tensor<Float> {
        normalization.requireChannels(x.shape.channels)
        return replacing(tangent, reading: x) { tangent, x, result, shape in
            normalization.withFused { fk_normalize_pushforward(shape, tangent, x, $0, result, threads) }
        }
    }

    public func normalizePullbackToAll(
        _ cotangent: consuming Tensor<Float>, at x: Tensor<Float>, _ normalization: Normalization
    ) -> NormalizationPullback<Float> {
        normalization.requireChannels(x.shape.channels)
        var scale = [Double](repeating: 0, count: x.shape.channels)
        var shift = scale
        let input = replacing(cotangent, reading: x) { cotangent, x, result, shape in
            normalization.withFused {
                fk_normalize_pullback(shape, cotangent, x, $0, result, &scale, &shift, threads)
            }
        }
        return NormalizationPullback(input: input, scale: scale, shift: shift)
    }

    public func addBias(_ x: consuming Tensor<Float>, _ bias: [Double]) -> Tensor<Float> {
        precondition(bias.count == x.shape.channels, "\(bias.count) numbers for \(x.shape)")
        let shape = x.fusedShape
        return replacing(x) { fk_add_bias(shape, $0, bias, $1, threads) }
    }
}
