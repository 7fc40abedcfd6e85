import CFusedKernels
import COneDNN
import Tensors

extension OneDNNKernels {
    public func convolution(
        _ x: Tensor<Float>, _ filter: Tensor<Float>, _ geometry: ConvolutionGeometry
    ) throws -> Tensor<Float> {
        if geometry.isLinearLayer(block: x.block) { return try linear(x, filter, geometry) }
        return try run(.forward, x, filter, geometry, to: geometry.output)
    }

    public func convolutionPullback(
        _ cotangent: Tensor<Float>, _ filter: Tensor<Float>, _ geometry: ConvolutionGeometry
    ) throws -> Tensor<Float> {
        if geometry.isLinearLayer(block: cotangent.block) {
            return try linearPullback(cotangent, filter, geometry)
        }
        return try run(.backwardData, cotangent, filter, geometry, to: geometry.input)
    }

    private func run(
        _ direction: CompiledConvolution.Direction, _ source: Tensor<Float>, _ filter: Tensor<Float>,
        _ geometry: ConvolutionGeometry, to shape: Shape
    ) throws -> Tensor<Float> {
        precondition(
            source.shape == (direction == .forward ? geometry.input : geometry.output)
                && filter.shape == geometry.filter && filter.block == 1,
            "\(source.shape) and \(filter.shape) against \(geometry)")
        let compiled = try ConvolutionCache.convolution(
            geometry, direction, block: source.block, threads: threads)
        let padded = filter.padded(toMultiplesOf: source.block)
        var result = Tensor<Float>(uninitialized: shape, block: source.block)
        try result.withUnsafeMutableBufferPointer { result in
            try withElements(source, padded) { source, filter in
                try compiled.run(source, filter, result.baseAddress)
            }
        }
        return result
    }

    private func linear(
        _ x: Tensor<Float>, _ filter: Tensor<Float>, _ geometry: ConvolutionGeometry
    ) throws -> Tensor<Float> {
        precondition(x.shape == geometry.input && filter.shape == geometry.filter, "\(geometry)")
        return try .filled(geometry.output, block: 1) { result in
            try withElements(x, filter) { x, filter in
                let status = od_linear(
                    Int64(geometry.input.batch), Int64(geometry.input.channels),
                    Int64(geometry.outputChannels), x, filter, result, threads)
                try KernelError.check(status, "linear layer \(geometry)")
            }
        }
    }

    private func linearPullback(
        _ cotangent: Tensor<Float>, _ filter: Tensor<Float>, _ geometry: ConvolutionGeometry
    ) throws -> Tensor<Float> {
        precondition(cotangent.shape == geometry.output && filter.shape == geometry.filter, "\(geometry)")
        return try .filled(geometry.input, block: 1) { result in
            try withElements(cotangent, filter) { cotangent, filter in
                let status = od_linear_transposed(
                    Int64(geometry.input.batch), Int64(geometry.input.channels),
                    Int64(geometry.outputChannels), cotangent, filter, result, threads)
                try KernelError.check(status, "transposed linear layer \(geometry)")
            }
        }
    }
}

extension ConvolutionGeometry {
    /// Whether this is a matrix product of unblocked vectors.
    fileprivate func isLinearLayer(block: Int) -> Bool { block == 1 && kernel == 1 && input.isVector }
}

extension Tensor<Float> {
    /// A filter whose channels on both sides fill whole blocks, as the padded maps around it have them.
    fileprivate func padded(toMultiplesOf block: Int) -> Tensor {
        let paddedShape = Shape(
            shape.batch.rounded(upToMultipleOf: block), shape.channels.rounded(upToMultipleOf: block),
            shape.height, shape.width)
        guard paddedShape != shape else { return self }
        return .filled(paddedShape, block: 1) { result in
            withElements(self) { filter in
                fk_pad_filter(
                    Int64(shape.batch), Int64(shape.channels), Int64(shape.area), filter,
                    Int64(paddedShape.batch), Int64(paddedShape.channels), result)
            }
        }
    }
}
