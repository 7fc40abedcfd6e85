import COpenBLAS
import Tensors

// Convolution as a matrix product over unfolded images (im2col), one image at a time.
extension ReferenceKernels {
    public func convolution(
        _ x: Tensor<Double>, _ filter: Tensor<Double>, _ geometry: ConvolutionGeometry
    ) throws -> Tensor<Double> {
        guard !geometry.isLinearLayer else { return denseForward(x, filter, geometry) }
        let unfolded = UnfoldedImage(geometry)
        var y = Tensor<Double>(uninitialized: geometry.output)
        x.withUnsafeBufferPointer { x in
            filter.withUnsafeBufferPointer { filter in
                y.withUnsafeMutableBufferPointer { y in
                    nonisolated(unsafe) let y = y
                    forEachIndex(below: geometry.input.batch, cost: unfolded.multiplyAdds) { sample in
                        unfolded.multiply(
                            filter: filter, image: x.sample(sample, of: geometry.input),
                            into: y.sample(sample, of: geometry.output))
                    }
                }
            }
        }
        return y
    }

    public func convolutionPullback(
        _ cotangent: Tensor<Double>, _ filter: Tensor<Double>, _ geometry: ConvolutionGeometry
    ) throws -> Tensor<Double> {
        guard !geometry.isLinearLayer else { return densePullback(cotangent, filter, geometry) }
        let unfolded = UnfoldedImage(geometry)
        var result = Tensor<Double>(zeros: geometry.input)
        cotangent.withUnsafeBufferPointer { cotangent in
            filter.withUnsafeBufferPointer { filter in
                result.withUnsafeMutableBufferPointer { result in
                    nonisolated(unsafe) let result = result
                    forEachIndex(below: geometry.input.batch, cost: unfolded.multiplyAdds) { sample in
                        unfolded.multiplyTransposed(
                            filter: filter, cotangent: cotangent.sample(sample, of: geometry.output),
                            into: result.sample(sample, of: geometry.input))
                    }
                }
            }
        }
        return result
    }

    private func denseForward(
        _ x: Tensor<Double>, _ filter: Tensor<Double>, _ geometry: ConvolutionGeometry
    ) -> Tensor<Double> {
        let (inputs, outputs) = (geometry.input.channels, geometry.outputChannels)
        var y = Tensor<Double>(uninitialized: geometry.output)
        y.withUnsafeMutableBufferPointer { y in
            x.withUnsafeBufferPointer { x in
                filter.withUnsafeBufferPointer { filter in
                    propagate_dgemm(
                        0, 1, Int32(geometry.input.batch), Int32(outputs), Int32(inputs), x.baseAddress,
                        Int32(inputs), filter.baseAddress, Int32(inputs), 0, y.baseAddress, Int32(outputs))
                }
            }
        }
        return y
    }

    private func densePullback(
        _ cotangent: Tensor<Double>, _ filter: Tensor<Double>, _ geometry: ConvolutionGeometry
    ) -> Tensor<Double> {
        let (inputs, outputs) = (geometry.input.channels, geometry.outputChannels)
        var result = Tensor<Double>(uninitialized: geometry.input)
        result.withUnsafeMutableBufferPointer { result in
            cotangent.withUnsafeBufferPointer { cotangent in
                filter.withUnsafeBufferPointer { filter in
                    propagate_dgemm(
                        0, 0, Int32(geometry.input.batch), Int32(inputs), Int32(outputs),
                        cotangent.baseAddress, Int32(outputs), filter.baseAddress, Int32(inputs), 0,
                        result.baseAddress, Int32(inputs))
                }
            }
        }
        return result
    }
}

extension ConvolutionGeometry {
    /// A larger filter on a single pixel reads padding, and is no matrix over the channels.
    fileprivate var isLinearLayer: Bool { input.isVector && kernel == 1 }
}
