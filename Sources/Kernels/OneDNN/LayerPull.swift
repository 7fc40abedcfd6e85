import CFusedKernels
import COneDNN
import Tensors

/// The pull-back of a weight layer, piece by piece: the cotangent's piece passes the normalisation that is pending and
/// gets its addend, the input's piece is normalised again, and both go into the filter's gradient while they are in the
/// cache. Only an addend without such a normalisation is added to the whole cotangent at once.
struct LayerPull {
    private let x: LayerInput<Float>
    private let geometry: ConvolutionGeometry
    private let pieces: BatchPieces
    private let threads: Int32
    private let toInput: PieceConvolution
    private let toFilter: PieceFilterGradient
    private let inputs: PieceReader
    private let cotangents: PieceReader
    /// Every group of pieces has a sum of filter gradients of its own: which thread worked on what then makes no
    /// difference to the result.
    private let groups: [Range<Int>]
    /// In the layout that `toInput` wants.
    private let filter: Tensor<Float>

    init(
        at x: LayerInput<Float>, _ filter: Tensor<Float>, _ geometry: ConvolutionGeometry,
        _ pieces: BatchPieces, threads: Int32
    ) throws {
        self.x = x
        self.geometry = geometry
        self.pieces = pieces
        self.threads = threads
        let (piece, block) = (geometry.with(batch: pieces.size), x.map.block)
        toInput = try PieceConvolution(piece, .pullback, block: block)
        toFilter = try PieceFilterGradient(piece, block: block)
        inputs = PieceReader(of: geometry.input, block: block, in: pieces, by: piece)
        cotangents = PieceReader(of: geometry.output, block: block, in: pieces, by: piece)
        groups = pieces.groups(atMost: Self.groupCount(toFilter.sumCount, geometry))
        self.filter = try toInput.prepared(filter)
    }

    /// Sums that there may be, a power of two, so that threads get as many each: not so many that adding them up costs
    /// more than a few per cent of them, nor more than 16 MiB; but two, for as many threads.
    private static func groupCount(_ elements: Int, _ geometry: ConvolutionGeometry) -> Int {
        let pixels = geometry.output.batch * geometry.output.area
        let most = min(pixels / leastPixels, (16 << 20) / (MemoryLayout<Float>.stride * max(1, elements)))
        return [16, 8, 4].first { $0 <= most } ?? 2
    }
    /// Of a sum: with half as many the adding up would cost twice as much.
    private static let leastPixels = 256

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
        var gradients = Tensor<Float>(uninitialized: Shape(groups.count, toFilter.sumCount))
        let (above, addend) = (Normalizer(pending), addend?.unlessZero)
        let scratch = [
            inputs.scratchCount, cotangents.scratchCount, toInput.scratchCount, toFilter.scratchCount,
            toFilter.termCount,
        ]
        let gradient = try ThreadScratch.with(threads: threads, scratch) { scratch in
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
                        return try toFilter.plain(
                            gradients, count: groups.count, geometry, block: x.map.block, threads: threads)
                    }
                }
            }
        }
        return pullback(filter: gradient, input: input, sums)
    }

    private func pullback(
        filter gradient: Tensor<Float>, input: Tensor<Float>, _ sums: Tensor<Double>
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
        let status = try toInput.withRuns(threads) { toInputRuns in
            try toFilter.withRuns(threads) { toFilterRuns in
                forEachIndex(below: groups.count, threads: threads) { thread, group in
                    for piece in groups[group] {
                        let c = passed(piece, memory, thread)
                        let scratch = memory.scratch
                        let source = inputs.normalized(
                            memory.map + piece * inputs.count, by: memory.normalizer, scratch[thread, 0])
                        let target = PieceFilterGradient.Target(
                            sum: memory.gradients + group * toFilter.sumCount, term: scratch[thread, 4],
                            scratch: scratch[thread, 3], isFirst: piece == groups[group].lowerBound)
                        let status = toFilter.add(source, c, to: target, toFilterRuns, thread)
                        guard status == 0 else { return status }
                        let later = pull(piece, c, memory, toInputRuns, thread)
                        guard later == 0 else { return later }
                    }
                    return 0
                }
            }
        }
        try KernelError.check(status, "the pull-back of a layer, " + toInput.description)
    }

    /// The cotangent's piece after the normalisation above, with its addend.
    private func passed(_ piece: Int, _ memory: Memory, _ thread: Int) -> UnsafePointer<Float> {
        let at = piece * cotangents.count
        let (c, scratch) = (memory.source.cotangent + at, memory.scratch[thread, 1])
        guard let above = memory.above, let map = memory.mapAbove else {
            return cotangents.plain(c, scratch)
        }
        guard let sum = memory.source.sum else {
            return cotangents.pulledBack(c, through: above, of: map + at, scratch)
        }
        let addend = memory.addend.map { $0 + at }
        fk_normalize_pullback_of_piece(
            above.handle, cotangents.shape, c, map + at, addend, memory.factor, sum + at)
        return cotangents.plain(UnsafePointer(sum + at), scratch)
    }

    /// The pull-back to the convolution's input, and what it adds to the sums of the normalisation before it.
    private func pull(
        _ piece: Int, _ c: UnsafePointer<Float>, _ memory: Memory, _ runs: [ConvolutionRun], _ thread: Int
    ) -> od_status {
        let at = piece * inputs.count
        let place = PieceConvolution.Place(
            result: memory.input + at, scratch: memory.scratch[thread, 2], thread: thread)
        let status = toInput.run(
            c, memory.filter, to: place, elements: inputs.count, ahead: next(after: piece, memory), runs)
        if let normalizer = memory.normalizer {
            fk_cotangent_sums_of_piece(
                normalizer.handle, x.map.fusedShape, Int64(piece * pieces.size), Int64(pieces.size),
                memory.input + at, memory.map + at, memory.sums)
        }
        return status
    }

    /// What is read of the next piece; at the end of a thread's share that is another thread's.
    private func next(after piece: Int, _ memory: Memory) -> fk_ahead {
        guard piece + 1 < pieces.count else { return fk_ahead() }
        let at = (piece + 1) * cotangents.count
        var ahead = fk_ahead()
        ahead.maps = (
            memory.map + (piece + 1) * inputs.count, memory.source.cotangent + at,
            memory.mapAbove.map { $0 + at }, memory.addend.map { $0 + at }
        )
        let count = Int64(cotangents.count)
        ahead.counts = (
            Int64(inputs.count), count, memory.mapAbove == nil ? 0 : count, memory.addend == nil ? 0 : count
        )
        return ahead
    }
}
