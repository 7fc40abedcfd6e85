import CFusedKernels
import Tensors

extension OneDNNKernels {
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
