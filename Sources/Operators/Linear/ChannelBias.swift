import Kernels
import Tensors

/// One number a channel, added to (N, C, space): slot 2 of a convolution and of its transpose.
enum ChannelBias {
    static func added<Scalar: KernelScalar>(_ bias: Tensor<Scalar>, to y: Tensor<Scalar>) -> Tensor<Scalar> {
        Scalar.kernels.addBias(y, bias.doubles)
    }

    static func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, at point: Point<Scalar>
    ) -> ScaledTensor<Scalar> {
        let sums = Scalar.kernels.sum(cotangent, to: cotangent.shape.channelsAlone)
        return ScaledTensor(sums.reshaped(point.shapes[2]))
    }

    static func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, at point: Point<Scalar>
    ) -> ScaledTensor<Scalar> {
        let bias = tangent.reshaped(point.resultShape.channelsAlone)
        return ScaledTensor(Scalar.kernels.stretch(bias, to: point.resultShape))
    }
}

extension Shape {
    /// (1, C, 1 …): what stretches along all axes but the channels.
    var channelsAlone: Shape { Shape(axes: axes.indices.map { $0 == 1 ? self[1] : 1 }) }
}
