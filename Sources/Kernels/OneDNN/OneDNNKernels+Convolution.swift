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
        if let shared = try sampleBySample(direction, source, filter, geometry, to: shape) { return shared }
        let plan = ConvolutionPlan(geometry, direction, block: source.block, threads: threads)
        let compiled = try ConvolutionCache.convolution(plan.key)
        let prepared = plan.prepared(filter)
        var result = Tensor<Float>(uninitialized: shape, block: source.block)
        try result.withUnsafeMutableBufferPointer { result in
            try withElements(source, prepared) { source, filter in
                try compiled.run(source, filter, result.baseAddress)
            }
        }
        return result
    }

    /// Samples that keep a team of threads busy. Fewer, and the library had better divide each of them. The number of
    /// threads has no say: results would depend on it.
    private static let leastSamples = 8

    /// Every sample on some thread, by the fused kernel; `nil` where there is none, or too few samples.
    private func sampleBySample(
        _ direction: CompiledConvolution.Direction, _ source: Tensor<Float>, _ filter: Tensor<Float>,
        _ geometry: ConvolutionGeometry, to shape: Shape
    ) throws -> Tensor<Float>? {
        let samples = source.shape.batch
        guard samples >= Self.leastSamples, fk_convolution(geometry, block: source.block) != nil else {
            return nil
        }
        let one = geometry.with(batch: 1)
        let convolution = try PieceConvolution(
            one, direction == .forward ? .forward : .pullback, block: source.block)
        let prepared = try convolution.prepared(filter)
        var result = Tensor<Float>(uninitialized: shape, block: source.block)
        let (read, written) = (source.storedCount / samples, result.storedCount / samples)
        let layout = ThreadScratch.Layout([convolution.scratchCount])
        let status = layout.lend(threads: threads) { scratch in
            source.withBase { source in
                prepared.withBase { filter in
                    result.withMutableBase { result in
                        forEachIndex(below: samples, threads: threads) { thread, sample in
                            let place = PieceConvolution.Place(
                                result: result + sample * written, scratch: scratch[thread, 0],
                                thread: thread)
                            return convolution.run(
                                source + sample * read, filter, to: place, elements: written, [])
                        }
                    }
                }
            }
        }
        try KernelError.check(status, convolution.description)
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
    func isLinearLayer(block: Int) -> Bool { block == 1 && kernel == 1 && input.isVector }
}
