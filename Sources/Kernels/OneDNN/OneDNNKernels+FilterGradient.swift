import COneDNN
import Tensors

extension OneDNNKernels {
    public func convolutionFilterGradient(
        _ cotangent: Tensor<Float>, at x: Tensor<Float>, _ geometry: ConvolutionGeometry
    ) throws -> Tensor<Float> {
        precondition(
            x.shape == geometry.input && cotangent.shape == geometry.output && x.block == cotangent.block,
            "\(x.shape) and \(cotangent.shape) against \(geometry)")
        if geometry.isLinearLayer(block: x.block) {
            return try linearFilterGradient(cotangent, at: x, geometry)
        }
        let compiled = try ConvolutionCache.convolution(
            CompiledConvolution.Key(
                geometry: geometry, direction: .backwardWeights, block: x.block, threads: threads))
        // The library's filter has whole blocks of channels on both sides.
        let padded = Shape(
            geometry.outputChannels.rounded(upToMultipleOf: x.block),
            geometry.input.channels.rounded(upToMultipleOf: x.block), geometry.kernel, geometry.kernel)
        let gradient = try Tensor<Float>.filled(padded, block: 1) { result in
            try withElements(x, cotangent) { try compiled.runFilterGradient($0, $1, result) }
        }
        return padded == geometry.filter ? gradient : gradient.cropped(to: geometry.filter)
    }

    private func linearFilterGradient(
        _ cotangent: Tensor<Float>, at x: Tensor<Float>, _ geometry: ConvolutionGeometry
    ) throws -> Tensor<Float> {
        try .filled(geometry.filter, block: 1) { result in
            try withElements(cotangent, x) { cotangent, x in
                let status = od_linear_filter_gradient(
                    Int64(geometry.input.batch), Int64(geometry.input.channels),
                    Int64(geometry.outputChannels), cotangent, x, result, threads)
                try KernelError.check(status, "filter gradient of the linear layer \(geometry)")
            }
        }
    }
}

extension Tensor<Float> {
    /// The first rows and columns of a plain filter.
    fileprivate func cropped(to smaller: Shape) -> Tensor {
        let (columns, area) = (shape.channels, shape.area)
        return .filled(smaller, block: 1) { result in
            withElements(self) { source in
                guard let source, let result else { return }
                let kept = smaller.channels * area
                for row in 0..<smaller.batch {
                    (result + row * kept).update(from: source + row * columns * area, count: kept)
                }
            }
        }
    }
}
