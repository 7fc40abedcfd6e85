import CFusedKernels
import COneDNN
import Tensors

/// The pull-back of a weight layer, piece by piece: the cotangent's piece passes the normalisation that is pending and gets its
/// addend; it goes into the convolution's pull-back, and into the filter's gradient where that is asked for, together with
/// the input's piece, normalised again, while both are in the cache. Only an addend without such a normalisation is added to
/// the whole cotangent at once.
struct LayerPull {
    private let x: LayerInput<Float>
    private let plan: LayerPlan
    private let toFilter: PieceFilterGradient?
    private let threads: Int32
    /// In the layout that the plan's `toInput` wants.
    private let filter: Tensor<Float>

    /// - Parameter toFilter: the plan's, where the filter's gradient is asked for.
    init(
        at x: LayerInput<Float>, _ filter: Tensor<Float>, _ plan: LayerPlan, toFilter: PieceFilterGradient?,
        threads: Int32
    ) throws {
        self.x = x
        self.plan = plan
        self.toFilter = toFilter
        self.threads = threads
        self.filter = try plan.toInput.prepared(filter)
    }

    private var geometry: ConvolutionGeometry { plan.geometry }

    func run(_ cotangent: consuming LayerCotangent<Float>) throws -> LayerPullback<Float> {
        let (pending, addend) = (cotangent.pending, cotangent.addend)
        var c = cotangent.tensor
        _ = consume cotangent
        precondition(
            c.shape == geometry.output && c.block == x.map.block, "\(c.shape) against \(geometry)")
        if let pending { requireSameExtent(c, pending.map) }
        if let addend { requireSameExtent(c, addend.tensor) }
        guard let pending, let addend else {
            if let addend { c = OneDNNKernels().wholeResolve(LayerCotangent(consume c, addend: addend)) }
            var pulled = try c.withBase { try pull(Source(cotangent: $0), pending, nil) }
            if addend != nil { pulled.cotangent = c }
            return pulled
        }
        // The sum goes where the cotangent was, if nobody else holds that.
        guard c.isUniquelyReferenced() else {
            var sum = Tensor<Float>(uninitialized: c.shape, block: c.block)
            var pulled = try c.withBase { c in
                try sum.withMutableBase { try pull(Source(cotangent: c, sum: $0), pending, addend) }
            }
            pulled.cotangent = sum
            return pulled
        }
        var pulled = try c.withMutableBase {
            try pull(Source(cotangent: UnsafePointer($0), sum: $0), pending, addend)
        }
        pulled.cotangent = c
        return pulled
    }

    /// A cotangent and, where it has an addend, the memory of their sum.
    private struct Source {
        let cotangent: UnsafePointer<Float>
        var sum: UnsafeMutablePointer<Float>?
    }

    private func pull(
        _ source: Source, _ pending: LayerCotangent<Float>.Pending?, _ addend: Addend<Float>?
    ) throws -> LayerPullback<Float> {
        var input = Tensor<Float>(uninitialized: geometry.input, block: x.map.block)
        let normalizer = Normalizer(x.normalization, x.map)
        let sumsCount = normalizer == nil ? 0 : Int(fk_cotangent_sums_count(x.map.fusedShape))
        var sums = Tensor<Double>(uninitialized: Shape(1, max(1, sumsCount)))
        var gradients = Tensor<Float>(
            uninitialized: Shape(plan.groups.count, max(1, toFilter?.sumCount ?? 0)))
        let (above, addend) = (Normalizer(pending), addend?.unlessZero)
        let gradient = try plan.pullbackScratch.lend(threads: threads) { scratch in
            try input.withMutableBase { input in
                try sums.withMutableBase { sums in
                    try gradients.withMutableBase { gradients in
                        try filter.withBase { filter in
                            try x.map.withBase { map in
                                try withBase(of: pending?.map) { mapAbove in
                                    try withBase(of: addend?.tensor) { addendBase in
                                        try pullPieces(
                                            Memory(
                                                scratch: scratch, source: source, mapAbove: mapAbove,
                                                above: above, addend: addendBase,
                                                factor: Float(addend?.factor ?? 0), map: map,
                                                normalizer: normalizer, filter: filter, input: input,
                                                gradients: gradients, sums: sums))
                                    }
                                }
                            }
                        }
                        return try toFilter?.plain(
                            gradients, count: plan.groups.count, geometry, block: x.map.block,
                            threads: threads)
                    }
                }
            }
        }
        return pullback(filter: gradient, input: input, sums)
    }

    private func pullback(
        filter gradient: Tensor<Float>?, input: Tensor<Float>, _ sums: Tensor<Double>
    ) -> LayerPullback<Float> {
        guard let normalization = x.normalization else {
            return LayerPullback(filter: gradient, input: LayerCotangent(input))
        }
        var scale = [Double](repeating: 0, count: x.map.shape.channels)
        var shift = scale
        sums.withBase { sums in
            normalization.withFused {
                fk_parameter_gradients_of_sums(x.map.fusedShape, $0, sums, &scale, &shift)
            }
        }
        return LayerPullback(
            filter: gradient,
            input: LayerCotangent(
                input,
                pending: .init(map: x.map, normalization: normalization, scale: scale, shift: shift)),
            scale: scale, shift: shift)
    }

    /// All that the threads read and write.
    private struct Memory {
        /// A normalised input, a cotangent, scratch of both convolutions, a part of the filter's gradient.
        let scratch: ThreadScratch
        let source: Source
        let mapAbove: UnsafePointer<Float>?
        let above: Normalizer?
        let addend: UnsafePointer<Float>?
        let factor: Float
        let map: UnsafePointer<Float>
        let normalizer: Normalizer?
        let filter: UnsafePointer<Float>
        let input: UnsafeMutablePointer<Float>
        let gradients: UnsafeMutablePointer<Float>
        let sums: UnsafeMutablePointer<Double>
    }

    private func pullPieces(_ memory: Memory) throws {
        let status = try plan.toInput.withRuns(threads) { toInputRuns in
            guard let toFilter else {
                return plan.pieces.forEach(threads: threads) { thread, piece in
                    pull(piece, passed(piece, memory, thread), memory, toInputRuns, thread)
                }
            }
            return try toFilter.withRuns(threads) { toFilterRuns in
                forEachIndex(below: plan.groups.count, threads: threads) { thread, group in
                    let pieces = plan.groups[group]
                    for piece in pieces {
                        let c = passed(piece, memory, thread)
                        let target = PieceFilterGradient.Target(
                            sum: memory.gradients + group * toFilter.sumCount,
                            term: memory.scratch[thread, 4],
                            scratch: memory.scratch[thread, 3], isFirst: piece == pieces.lowerBound)
                        let status = toFilter.add(
                            input(piece, memory, thread), c, to: target, toFilterRuns, thread)
                        guard status == 0 else { return status }
                        let later = pull(piece, c, memory, toInputRuns, thread)
                        guard later == 0 else { return later }
                    }
                    return 0
                }
            }
        }
        try KernelError.check(status, "the pull-back of a layer, " + plan.toInput.description)
    }

    /// The piece that the convolution read.
    private func input(_ piece: Int, _ memory: Memory, _ thread: Int) -> UnsafePointer<Float> {
        plan.inputs.normalized(
            memory.map + piece * plan.inputs.count, by: memory.normalizer, memory.scratch[thread, 0])
    }

    /// The cotangent's piece after the normalisation above, with its addend.
    private func passed(_ piece: Int, _ memory: Memory, _ thread: Int) -> UnsafePointer<Float> {
        let at = piece * plan.outputs.count
        let (c, scratch) = (memory.source.cotangent + at, memory.scratch[thread, 1])
        guard let above = memory.above, let map = memory.mapAbove else {
            return c
        }
        guard let sum = memory.source.sum else {
            return plan.outputs.pulledBack(c, through: above, of: map + at, scratch)
        }
        let addend = memory.addend.map { $0 + at }
        fk_normalize_pullback_of_piece(
            above.handle, plan.outputs.shape, c, map + at, addend, memory.factor, sum + at)
        return UnsafePointer(sum + at)
    }

    /// The pull-back to the convolution's input, and what it adds to the sums of the normalisation before it.
    private func pull(
        _ piece: Int, _ c: UnsafePointer<Float>, _ memory: Memory, _ runs: [ConvolutionRun], _ thread: Int
    ) -> od_status {
        let at = piece * plan.inputs.count
        let place = PieceConvolution.Place(
            result: memory.input + at, scratch: memory.scratch[thread, 2], thread: thread)
        let status = plan.toInput.run(
            c, memory.filter, to: place, elements: plan.inputs.count, ahead: next(after: piece, memory), runs)
        if let normalizer = memory.normalizer {
            fk_cotangent_sums_of_piece(
                normalizer.handle, x.map.fusedShape, Int64(piece * plan.pieces.size),
                Int64(plan.pieces.size),
                memory.input + at, memory.map + at, memory.sums)
        }
        return status
    }

    /// What is read and written of the next piece; of a thread's last one it is another thread's, and fetched in vain.
    private func next(after piece: Int, _ memory: Memory) -> fk_ahead {
        guard piece + 1 < plan.pieces.count else { return fk_ahead() }
        let at = (piece + 1) * plan.outputs.count
        var ahead = fk_ahead()
        ahead.maps = (
            memory.map + (piece + 1) * plan.inputs.count, memory.source.cotangent + at,
            memory.mapAbove.map { $0 + at }, memory.addend.map { $0 + at },
            UnsafePointer(memory.input + (piece + 1) * plan.inputs.count)
        )
        let count = Int64(plan.outputs.count)
        ahead.counts = (
            Int64(plan.inputs.count), count, memory.mapAbove == nil ? 0 : count,
            memory.addend == nil ? 0 : count, Int64(plan.inputs.count)
        )
        return ahead
    }
}
