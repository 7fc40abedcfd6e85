import CFusedKernels
import COneDNN
import Tensors

/// The pull-back of a weight layer, piece by piece: the cotangent's piece passes the normalisation above, the input's
/// piece is normalised again, and both go into the filter's gradient while they are in the cache.
struct LayerPull {
    private let cotangent: Tensor<Float>
    private let pending: LayerCotangent<Float>.Pending?
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
        _ cotangent: LayerCotangent<Float>, at x: LayerInput<Float>, _ filter: Tensor<Float>,
        _ geometry: ConvolutionGeometry, _ pieces: BatchPieces, threads: Int32
    ) throws {
        precondition(
            cotangent.tensor.shape == geometry.output && cotangent.tensor.block == x.map.block,
            "\(cotangent.tensor.shape) against \(geometry)")
        if let pending = cotangent.pending { requireSameExtent(cotangent.tensor, pending.map) }
        self.cotangent = cotangent.tensor
        pending = cotangent.pending
        self.x = x
        self.geometry = geometry
        self.pieces = pieces
        self.threads = threads
        let piece = geometry.with(batch: pieces.size)
        toInput = try PieceConvolution(piece, .pullback, block: x.map.block)
        toFilter = try PieceFilterGradient(piece, block: x.map.block)
        inputs = PieceReader(of: x.map, in: pieces, by: piece)
        cotangents = PieceReader(of: cotangent.tensor, in: pieces, by: piece)
        groups = pieces.groups(atMost: Self.groupCount(toFilter.sumCount, geometry))
        self.filter = try toInput.prepared(filter)
    }

    /// Sums that there may be: not so many that adding them up costs more than a few per cent of them, nor more than a
    /// few megabytes; but two, for as many threads.
    private static func groupCount(_ elements: Int, _ geometry: ConvolutionGeometry) -> Int {
        let pixels = geometry.output.batch * geometry.output.area
        return max(2, min(16, pixels / leastPixels, (4 << 20) / max(1, elements)))
    }
    private static let leastPixels = 256

    func run() throws -> LayerPullback<Float> {
        var input = Tensor<Float>(uninitialized: geometry.input, block: x.map.block)
        let normalizer = Normalizer(x.normalization, x.map)
        let sumsCount = normalizer == nil ? 0 : Int(fk_cotangent_sums_count(x.map.fusedShape))
        var sums = Tensor<Double>(uninitialized: Shape(1, max(1, sumsCount)))
        let counts = [
            inputs.scratchCount, cotangents.scratchCount, toInput.scratchCount, toFilter.scratchCount,
            toFilter.termCount,
        ]
        var gradients = Tensor<Float>(uninitialized: Shape(groups.count, toFilter.sumCount))
        let gradient = try ThreadScratch.with(threads: threads, counts) { scratch in
            try input.withMutableBase { input in
                try sums.withMutableBase { sums in
                    try gradients.withMutableBase { gradients in
                        try pullPieces(scratch, to: input, gradients, normalizer, sums)
                        return try toFilter.plain(
                            gradients, count: groups.count, geometry, block: x.map.block, threads: threads)
                    }
                }
            }
        }
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

    private func pullPieces(
        _ scratch: ThreadScratch, to input: UnsafeMutablePointer<Float>,
        _ gradients: UnsafeMutablePointer<Float>, _ normalizer: Normalizer?,
        _ sums: UnsafeMutablePointer<Double>
    ) throws {
        let above = Normalizer(pending)
        let status = try toInput.withRuns(threads) { toInputRuns in
            try toFilter.withRuns(threads) { toFilterRuns in
                filter.withBase { filter in
                    x.map.withBase { map in
                        cotangent.withBase { cotangent in
                            withBase(of: pending?.map) { mapAbove in
                                let memory = Memory(
                                    scratch: scratch, cotangent: cotangent, mapAbove: mapAbove, map: map,
                                    filter: filter, input: input, gradients: gradients, sums: sums)
                                return forEachIndex(below: groups.count, threads: threads) { thread, group in
                                    for piece in groups[group] {
                                        let c = passed(piece, above, memory, thread)
                                        let source = normalized(piece, normalizer, memory, thread)
                                        let target = PieceFilterGradient.Target(
                                            sum: gradients + group * toFilter.sumCount,
                                            term: scratch[thread, 4], scratch: scratch[thread, 3],
                                            isFirst: piece == groups[group].lowerBound)
                                        let status = toFilter.add(
                                            source, c, to: target, toFilterRuns, thread)
                                        guard status == 0 else { return status }
                                        let later = pull(
                                            piece, c, normalizer, memory, toInputRuns, thread)
                                        guard later == 0 else { return later }
                                    }
                                    return 0
                                }
                            }
                        }
                    }
                }
            }
        }
        try KernelError.check(status, "the pull-back of a layer, " + toInput.description)
    }

    /// All that the threads read and write.
    private struct Memory {
        /// A normalised input, a cotangent, scratch of both convolutions, a part of the filter's gradient.
        let scratch: ThreadScratch
        let cotangent: UnsafePointer<Float>
        let mapAbove: UnsafePointer<Float>?
        let map: UnsafePointer<Float>
        let filter: UnsafePointer<Float>
        let input: UnsafeMutablePointer<Float>
        let gradients: UnsafeMutablePointer<Float>
        let sums: UnsafeMutablePointer<Double>
    }

    /// The cotangent's piece after the normalisation above.
    private func passed(
        _ piece: Int, _ above: Normalizer?, _ memory: Memory, _ thread: Int
    ) -> UnsafePointer<Float> {
        let at = piece * pieces.elements(of: cotangent)
        let (c, scratch) = (memory.cotangent + at, memory.scratch[thread, 1])
        guard let above, let map = memory.mapAbove else { return cotangents.plain(c, scratch) }
        return cotangents.pulledBack(c, through: above, of: map + at, scratch)
    }

    /// What the convolution read in the forward pass.
    private func normalized(
        _ piece: Int, _ normalizer: Normalizer?, _ memory: Memory, _ thread: Int
    ) -> UnsafePointer<Float> {
        inputs.normalized(
            memory.map + piece * pieces.elements(of: x.map), by: normalizer, memory.scratch[thread, 0])
    }

    /// The pull-back to the convolution's input, and what it adds to the sums of the normalisation before it.
    private func pull(
        _ piece: Int, _ c: UnsafePointer<Float>, _ normalizer: Normalizer?, _ memory: Memory,
        _ runs: [ConvolutionRun], _ thread: Int
    ) -> od_status {
        let at = piece * pieces.elements(of: x.map)
        let place = PieceConvolution.Place(
            result: memory.input + at, scratch: memory.scratch[thread, 2], thread: thread)
        let status = toInput.run(
            c, memory.filter, to: place, elements: pieces.elements(of: x.map),
            ahead: next(after: piece, memory), runs)
        if let normalizer {
            fk_cotangent_sums_of_piece(
                normalizer.handle, x.map.fusedShape, Int64(piece * pieces.size), Int64(pieces.size),
                memory.input + at, memory.map + at, memory.sums)
        }
        return status
    }

    /// What is read of the next piece.
    private func next(after piece: Int, _ memory: Memory) -> fk_ahead {
        guard piece + 1 < pieces.count else { return fk_ahead() }
        let (read, passed) = (pieces.elements(of: x.map), pieces.elements(of: cotangent))
        return fk_ahead(
            memory.map + (piece + 1) * read, read, memory.cotangent + (piece + 1) * passed,
            memory.mapAbove.map { $0 + (piece + 1) * passed }, eachOf: passed)
    }
}
