import COpenBLAS
import Tensors

// Convolution as a matrix product over unfolded images (im2col), one sample and group at a time; a fully connected layer
// is one product for the whole batch.
extension ReferenceKernels {
    public func convolution(
        _ x: Tensor<Double>, _ filter: Tensor<Double>, _ geometry: ConvolutionGeometry
    ) throws -> Tensor<Double> {
        var y = Tensor<Double>(zeros: geometry.output)
        withElements(x, filter, writing: &y, geometry) { x, filter, y in
            if geometry.isLinearLayer {
                multiply(x, filter, transposed: true, into: y, geometry)
                return
            }
            let unfolded = UnfoldedImage(geometry)
            forEachIndex(below: unfolded.parts, cost: unfolded.multiplyAdds) { part in
                unfolded.multiply(part: part, filter: filter, image: x, into: y)
            }
        }
        return y
    }

    public func convolutionPullback(
        _ cotangent: Tensor<Double>, _ filter: Tensor<Double>, _ geometry: ConvolutionGeometry
    ) throws -> Tensor<Double> {
        var result = Tensor<Double>(zeros: geometry.input)
        withElements(cotangent, filter, writing: &result, geometry) { cotangent, filter, result in
            if geometry.isLinearLayer {
                multiply(cotangent, filter, transposed: false, into: result, geometry)
                return
            }
            let unfolded = UnfoldedImage(geometry)
            forEachIndex(below: unfolded.parts, cost: unfolded.multiplyAdds) { part in
                unfolded.multiplyTransposed(part: part, filter: filter, cotangent: cotangent, into: result)
            }
        }
        return result
    }

    public func convolutionFilterGradient(
        _ cotangent: Tensor<Double>, at x: Tensor<Double>, _ geometry: ConvolutionGeometry
    ) throws -> Tensor<Double> {
        var result = Tensor<Double>(zeros: geometry.filter)
        withElements(cotangent, x, writing: &result, geometry) { cotangent, x, result in
            let unfolded = UnfoldedImage(geometry)
            forEachIndex(below: geometry.groups, cost: unfolded.multiplyAdds) { group in
                for part in stride(from: group, to: unfolded.parts, by: geometry.groups) {
                    unfolded.addFilterGradient(part: part, cotangent: cotangent, image: x, to: result)
                }
            }
        }
        return result
    }

    /// y = x·Wᵀ (`transposed`) or x·W for a batch of vectors and the (outputs, inputs) matrix of a linear layer.
    private func multiply(
        _ x: UnsafePointer<Double>, _ filter: UnsafePointer<Double>, transposed: Bool,
        into y: UnsafeMutablePointer<Double>, _ geometry: ConvolutionGeometry
    ) {
        let (inputs, outputs) = (Int32(geometry.input.channels), Int32(geometry.outputChannels))
        let (summed, columns) = transposed ? (inputs, outputs) : (outputs, inputs)
        propagate_dgemm(
            0, transposed ? 1 : 0, Int32(geometry.input.batch), columns, summed, x, summed, filter, inputs, 0,
            y, columns)
    }

    /// Lends the elements of two tensors to read and of one to write, which stays as it is where there is nothing to sum.
    private func withElements(
        _ first: Tensor<Double>, _ second: Tensor<Double>, writing target: inout Tensor<Double>,
        _ geometry: ConvolutionGeometry,
        _ body: (UnsafePointer<Double>, UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Void
    ) {
        guard !geometry.isEmpty else { return }
        first.reblocked(to: 1).withBase { first in
            second.reblocked(to: 1).withBase { second in
                target.withMutableBase { body(first, second, $0) }
            }
        }
    }
}
