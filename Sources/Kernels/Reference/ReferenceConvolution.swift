import COpenBLAS
import Tensors

// Convolution as a matrix product over unfolded images (im2col), one image at a time; a fully connected layer is
// one product for the whole batch.
extension ReferenceKernels {
    public func convolution(
        _ x: Tensor<Double>, _ filter: Tensor<Double>, _ geometry: ConvolutionGeometry
    ) throws -> Tensor<Double> {
        var y = Tensor<Double>(uninitialized: geometry.output)
        withElements(x, filter, writing: &y) { x, filter, y in
            if geometry.isLinearLayer {
                multiply(x, filter, transposed: true, into: y, geometry)
                return
            }
            let unfolded = UnfoldedImage(geometry)
            forEachIndex(below: geometry.input.batch, cost: unfolded.multiplyAdds) { sample in
                unfolded.multiply(
                    filter: filter, image: x.sample(sample, of: geometry.input),
                    into: y.sample(sample, of: geometry.output))
            }
        }
        return y
    }

    public func convolutionPullback(
        _ cotangent: Tensor<Double>, _ filter: Tensor<Double>, _ geometry: ConvolutionGeometry
    ) throws -> Tensor<Double> {
        var result = Tensor<Double>(zeros: geometry.input)
        withElements(cotangent, filter, writing: &result) { cotangent, filter, result in
            if geometry.isLinearLayer {
                multiply(cotangent, filter, transposed: false, into: result, geometry)
                return
            }
            let unfolded = UnfoldedImage(geometry)
            forEachIndex(below: geometry.input.batch, cost: unfolded.multiplyAdds) { sample in
                unfolded.multiplyTransposed(
                    filter: filter, cotangent: cotangent.sample(sample, of: geometry.output),
                    into: result.sample(sample, of: geometry.input))
            }
        }
        return result
    }

    public func convolutionFilterGradient(
        _ cotangent: Tensor<Double>, at x: Tensor<Double>, _ geometry: ConvolutionGeometry
    ) throws -> Tensor<Double> {
        var result = Tensor<Double>(zeros: geometry.filter)
        withElements(cotangent, x, writing: &result) { cotangent, x, result in
            let unfolded = UnfoldedImage(geometry)
            for sample in 0..<geometry.input.batch {
                unfolded.addFilterGradient(
                    cotangent: cotangent.sample(sample, of: geometry.output),
                    image: x.sample(sample, of: geometry.input), to: result)
            }
        }
        return result
    }

    /// y = x·Wᵀ (`transposed`) or x·W for a batch of vectors and the (outputs, inputs) matrix of a linear layer.
    private func multiply(
        _ x: UnsafeBufferPointer<Double>, _ filter: UnsafeBufferPointer<Double>, transposed: Bool,
        into y: UnsafeMutableBufferPointer<Double>, _ geometry: ConvolutionGeometry
    ) {
        let (inputs, outputs) = (Int32(geometry.input.channels), Int32(geometry.outputChannels))
        let (summed, columns) = transposed ? (inputs, outputs) : (outputs, inputs)
        propagate_dgemm(
            0, transposed ? 1 : 0, Int32(geometry.input.batch), columns, summed, x.baseAddress, summed,
            filter.baseAddress, inputs, 0, y.baseAddress, columns)
    }

    /// Lends the elements of two tensors to read and of one to write.
    private func withElements(
        _ first: Tensor<Double>, _ second: Tensor<Double>, writing target: inout Tensor<Double>,
        _ body: (
            UnsafeBufferPointer<Double>, UnsafeBufferPointer<Double>, UnsafeMutableBufferPointer<Double>
        ) -> Void
    ) {
        first.withUnsafeBufferPointer { first in
            second.withUnsafeBufferPointer { second in
                target.withUnsafeMutableBufferPointer { body(first, second, $0) }
            }
        }
    }
}

extension ConvolutionGeometry {
    /// A larger filter on a single pixel reads padding, and is no matrix over the channels.
    fileprivate var isLinearLayer: Bool { input.isVector && kernel == 1 }
}
