import CFusedKernels
import COneDNN
import Tensors

// Convolutions with square filters and stride 1 are the fused kernels' where a batch has samples enough for all threads;
// all others are oneDNN's, in blocks of channels where groups fill whole blocks, else plain.
extension OneDNNKernels {
    public func convolution(
        _ x: Tensor<Float>, _ filter: Tensor<Float>, _ geometry: ConvolutionGeometry
    ) throws -> Tensor<Float> {
        if geometry.isLinearLayer, x.block == 1 {
            return try linear(x, filter.reblocked(to: 1), geometry)
        }
        return try run(.forward, x, filter, geometry, to: geometry.output)
    }

    public func convolutionPullback(
        _ cotangent: Tensor<Float>, _ filter: Tensor<Float>, _ geometry: ConvolutionGeometry
    ) throws -> Tensor<Float> {
        if geometry.isLinearLayer, cotangent.block == 1 {
            return try linearPullback(cotangent, filter.reblocked(to: 1), geometry)
        }
        return try run(.backwardData, cotangent, filter, geometry, to: geometry.input)
    }

    /// The blocks in which a convolution runs: those that its operand has, else those that are fastest.
    func block(for geometry: ConvolutionGeometry, reading map: Tensor<Float>) -> Int {
        let block = map.block > 1 ? map.block : Self.channelBlock
        return geometry.filling(blocksOf: block) == nil ? 1 : block
    }

    private func run(
        _ direction: CompiledConvolution.Direction, _ source: Tensor<Float>, _ filter: Tensor<Float>,
        _ geometry: ConvolutionGeometry, to shape: Shape
    ) throws -> Tensor<Float> {
        precondition(
            source.shape == (direction == .forward ? geometry.input : geometry.output)
                && filter.shape == geometry.filter, "\(source.shape) and \(filter.shape) against \(geometry)")
        guard !geometry.isEmpty else { return Tensor(zeros: shape) }
        let block = block(for: geometry, reading: source)
        let (source, filter) = (source.reblocked(to: block), filter.reblocked(to: 1))
        if let shared = try sampleBySample(direction, source, filter, geometry, to: shape) { return shared }
        let (plan, compiled) = try ConvolutionPlan.compiled(
            geometry, direction, block: block, threads: threads)
        let prepared = plan.prepared(filter)
        var result = Tensor<Float>(uninitialized: shape, block: plan.key.block)
        try result.withUnsafeMutableBufferPointer { result in
            try withElements(source.reblocked(to: plan.key.block), prepared) { source, filter in
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
