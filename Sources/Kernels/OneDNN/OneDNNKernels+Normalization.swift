import CFusedKernels
import Tensors

extension OneDNNKernels {
    public func channelStatistics(_ x: Tensor<Float>) -> ChannelStatistics {
        var mean = [Double](repeating: 0, count: x.shape.channels)
        var variance = mean
        withElements(x) { fk_channel_statistics(x.fusedShape, $0, &mean, &variance, threads) }
        return ChannelStatistics(mean: mean, variance: variance)
    }

    public func normalize(_ x: Tensor<Float>, _ normalization: Normalization) -> Tensor<Float> {
        normalization.requireChannels(x.shape.channels)
        return x.sameExtent { result in
            normalization.withFused { map in
                withElements(x) { fk_normalize(x.fusedShape, $0, map, result, threads) }
            }
        }
    }

    public func normalizePullback(
        _ cotangent: Tensor<Float>, at x: Tensor<Float>, _ normalization: Normalization
    ) -> Tensor<Float> {
        requireSameExtent(cotangent, x)
        normalization.requireChannels(x.shape.channels)
        return x.sameExtent { result in
            normalization.withFused { map in
                withElements(cotangent, x) { cotangent, point in
                    fk_normalize_pullback(x.fusedShape, cotangent, point, map, result, threads)
                }
            }
        }
    }

    public func normalizePushforward(
        _ tangent: Tensor<Float>, at x: Tensor<Float>, _ normalization: Normalization
    ) -> Tensor<Float> {
        requireSameExtent(tangent, x)
        normalization.requireChannels(x.shape.channels)
        return x.sameExtent { result in
            normalization.withFused { map in
                withElements(tangent, x) { tangent, point in
                    fk_normalize_pushforward(x.fusedShape, tangent, point, map, result, threads)
                }
            }
        }
    }

    public func addBias(_ x: Tensor<Float>, _ bias: [Double]) -> Tensor<Float> {
        precondition(bias.count == x.shape.channels, "\(bias.count) numbers for \(x.shape)")
        return x.sameExtent { result in
            withElements(x) { fk_add_bias(x.fusedShape, $0, bias, result, threads) }
        }
    }
}
