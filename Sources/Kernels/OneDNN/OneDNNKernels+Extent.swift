import CFusedKernels
import Tensors

extension OneDNNKernels {
    public func subsample(_ x: Tensor<Float>, stride: Int, to output: Shape) -> Tensor<Float> {
        requireSubsampling(from: x.shape, stride: stride, to: output)
        return .filled(output, block: x.block) { result in
            withElements(x) { source in
                fk_subsample(
                    x.fusedShape, Int64(x.shape.width), source, Int64(stride),
                    fk_shape(output, block: x.block), Int64(output.width), result, threads)
            }
        }
    }

    public func subsamplePullback(
        _ cotangent: Tensor<Float>, stride: Int, to input: Shape
    ) -> Tensor<Float> {
        requireSubsampling(from: input, stride: stride, to: cotangent.shape)
        return .filled(input, block: cotangent.block) { result in
            withElements(cotangent) { source in
                fk_subsample_pullback(
                    cotangent.fusedShape, Int64(cotangent.shape.width), source, Int64(stride),
                    fk_shape(input, block: cotangent.block), Int64(input.width), result, threads)
            }
        }
    }

    private func requireSubsampling(from input: Shape, stride: Int, to output: Shape) {
        precondition(
            input.batch == output.batch && input.channels <= output.channels
                && (output.height - 1) * stride < input.height && (output.width - 1) * stride < input.width,
            "\(input) cannot be subsampled by \(stride) to \(output)")
    }

    public func globalAverage(_ x: Tensor<Float>) throws -> Tensor<Float> {
        .filled(Shape(x.shape.batch, x.shape.channels), block: 1) { result in
            withElements(x) { fk_global_average(x.fusedShape, $0, result, threads) }
        }
    }

    public func globalAveragePullback(
        _ cotangent: Tensor<Float>, to input: Shape
    ) throws -> Tensor<Float> {
        precondition(
            cotangent.shape == Shape(input.batch, input.channels),
            "\(cotangent.shape) is no average of \(input)")
        let cotangent = cotangent.reblocked(to: 1)
        let block = input.isVector ? 1 : Self.channelBlock
        return .filled(input, block: block) { result in
            withElements(cotangent) { source in
                fk_global_average_pullback(fk_shape(input, block: block), source, result, threads)
            }
        }
    }
}
