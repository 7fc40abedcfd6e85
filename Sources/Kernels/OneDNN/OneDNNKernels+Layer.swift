import CFusedKernels
import COneDNN
import Tensors

// Weight layers. Every thread takes its share of the batch through all operations of a layer, a piece of
// a few samples at a time: what one operation wrote the next one reads from the core's cache, normalised maps never
// reach memory, and threads wait for each other once a layer. Convolutions are compiled for one thread and for the
// size of a piece.
extension OneDNNKernels {
    public func layer(
        _ x: LayerInput<Float>, _ filter: Tensor<Float>, _ geometry: ConvolutionGeometry,
        adding addend: Addend<Float>?, measuringChannels: Bool
    ) throws -> LayerValue<Float> {
        let x = inBlocks(x, geometry)
        guard let plan = try LayerPlan.of(geometry, block: x.map.block) else {
            return try wholeLayer(x, filter, geometry, adding: addend, measuringChannels: measuringChannels)
        }
        requireFit(x, filter, geometry)
        var addend = addend?.unlessZero
        addend?.tensor.reblock(to: x.map.block)
        let threads = threads
        let (pieces, convolution) = (plan.pieces, plan.forward)
        let own = try convolution.prepared(filter)
        let normalizer = Normalizer(x.normalization, x.map)
        var y = Tensor<Float>(uninitialized: geometry.output, block: x.map.block)
        if let addend { requireSameExtent(y, addend.tensor) }
        let (whole, factor) = (y.fusedShape, Float(addend?.factor ?? 0))
        let (read, written) = (plan.inputs.count, plan.outputs.count)
        var moments = Tensor<Double>(
            uninitialized: Shape(1, measuringChannels ? Int(fk_moments_bytes(whole)) / 8 : 1))
        let status = try convolution.withRuns(threads) { runs in
            plan.forwardScratch.lend(threads: threads) { scratch in
                own.withBase { filter in
                    x.map.withBase { x in
                        withBase(of: addend?.tensor) { addend in
                            y.withMutableBase { y in
                                moments.withMutableBase { moments in
                                    pieces.forEach(threads: threads) { thread, piece in
                                        let source = plan.inputs.normalized(
                                            x + piece * read, by: normalizer, scratch[thread, 0])
                                        let result = y + piece * written
                                        let terms = addend.map { ($0 + piece * written, factor) }
                                        let place = PieceConvolution.Place(
                                            result: result, scratch: scratch[thread, 1], thread: thread)
                                        var next = fk_ahead()
                                        if plan.exceedsSharedCache, piece + 1 < pieces.count {
                                            next.maps.0 = x + (piece + 1) * read
                                            next.counts.0 = Int64(read)
                                            next.maps.1 = UnsafePointer(result + written)
                                            next.counts.1 = Int64(written)
                                            next.maps.2 = addend.map { $0 + (piece + 1) * written }
                                            next.counts.2 = addend == nil ? 0 : Int64(written)
                                        }
                                        let status = convolution.run(
                                            source, filter, adding: terms, to: place, elements: written,
                                            ahead: next, runs)
                                        if measuringChannels {
                                            fk_moments_of_piece(
                                                whole, Int64(piece * pieces.size), Int64(pieces.size), result,
                                                moments)
                                        }
                                        return status
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        try KernelError.check(status, convolution.description)
        return LayerValue(value: y, statistics: measuringChannels ? statistics(of: y, from: moments) : nil)
    }

    private func statistics(of y: Tensor<Float>, from moments: Tensor<Double>) -> ChannelStatistics {
        var mean = [Double](repeating: 0, count: y.shape.channels)
        var variance = mean
        moments.withBase { fk_statistics_of_moments(y.fusedShape, $0, &mean, &variance) }
        return ChannelStatistics(
            mean: mean, variance: variance, elements: y.shape.batch * y.shape.area)
    }

    public func layerPullback(
        _ cotangent: consuming LayerCotangent<Float>, at x: LayerInput<Float>, _ filter: Tensor<Float>,
        _ geometry: ConvolutionGeometry, toFilter: Bool
    ) throws -> LayerPullback<Float> {
        let x = inBlocks(x, geometry)
        // The filter's gradient saves passes over any map; without it they are cheap where maps lie in the shared cache.
        guard let plan = try LayerPlan.of(geometry, block: x.map.block),
            toFilter ? plan.toFilter != nil : plan.exceedsSharedCache
        else {
            return try wholeLayerPullback(cotangent, at: x, filter, geometry, toFilter: toFilter)
        }
        requireFit(x, filter, geometry)
        let pull = try LayerPull(
            at: x, filter, plan, toFilter: toFilter ? plan.toFilter : nil, threads: threads)
        cotangent.reblock(to: x.map.block)
        return try pull.run(consume cotangent)
    }

    /// A map of images in the blocks that layers run in; vectors have none.
    private func inBlocks(_ x: LayerInput<Float>, _ geometry: ConvolutionGeometry) -> LayerInput<Float> {
        guard x.map.block == 1, !geometry.isLinearLayer, geometry.square != nil else { return x }
        var x = x
        x.map.reblock(to: Self.channelBlock)
        return x
    }

    public func resolve(_ cotangent: consuming LayerCotangent<Float>) -> Tensor<Float> {
        guard let pending = cotangent.pending, let normalizer = Normalizer(pending) else {
            return wholeResolve(cotangent)
        }
        cotangent.reblock(to: pending.map.block)
        let (c, addend) = (cotangent.tensor, cotangent.addend?.unlessZero)
        _ = consume cotangent
        requireSameExtent(c, pending.map)
        if let addend { requireSameExtent(c, addend.tensor) }
        let factor = Float(addend?.factor ?? 0)
        return replacing(c, reading: pending.map) { c, x, result, shape in
            guard let c, let x, let result, shape.batch > 0 else { return }
            let sample = Int(shape.storedCount / shape.batch)
            withBase(of: addend?.tensor) { addend in
                forEachShare(of: Int(shape.batch), threads: threads) { _, samples in
                    let at = samples.lowerBound * sample
                    var part = shape
                    part.batch = Int64(samples.count)
                    fk_normalize_pullback_of_piece(
                        normalizer.handle, part, c + at, x + at, addend.map { $0 + at }, factor, result + at)
                }
            }
        }
    }

    private func requireFit(
        _ x: LayerInput<Float>, _ filter: Tensor<Float>, _ geometry: ConvolutionGeometry
    ) {
        precondition(
            x.map.shape == geometry.input && filter.shape == geometry.filter && filter.block == 1,
            "\(x.map.shape) and \(filter.shape) against \(geometry)")
    }
}

extension LayerCotangent<Float> {
    /// All of its parts in the same blocks.
    fileprivate mutating func reblock(to block: Int) {
        tensor.reblock(to: block)
        pending?.map.reblock(to: block)
        addend?.tensor.reblock(to: block)
    }
}

extension ConvolutionRun {
    /// Runs a plan: a convolution that is computed as the pull-back of another writes to that one's input.
    func execute(
        _ plan: ConvolutionPlan, from source: UnsafePointer<Float>, _ filter: UnsafePointer<Float>,
        to result: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>
    ) -> od_status {
        plan.key.direction == .backwardData
            ? execute(input: UnsafePointer(result), output: source, filter: filter, scratch: scratch)
            : execute(input: source, output: UnsafePointer(result), filter: filter, scratch: scratch)
    }
}
