import CFusedKernels
import Synchronization
import Tensors

/// What weight layers of one shape have in common: how a batch is cut into pieces, the convolutions of a piece, and the
/// memory that every thread needs beside. Made once, for all layers of the shape and all steps, for both directions:
/// a layer's value is asked for where its pull-back will be.
final class LayerPlan: Sendable {
    let geometry: ConvolutionGeometry
    /// Whether maps of the whole batch are more than processors' shared caches hold. Smaller ones are there when the next
    /// operation comes: the forward pass need not fetch them ahead, and passes of their own cost little.
    let exceedsSharedCache: Bool
    let pieces: BatchPieces
    let forward: PieceConvolution
    let toInput: PieceConvolution
    /// `nil` where the library has but plain code for it.
    let toFilter: PieceFilterGradient?
    let inputs: PieceReader
    let outputs: PieceReader
    /// Pieces whose filter gradients go into one sum: which thread worked on what then makes no difference to the
    /// result.
    let groups: [Range<Int>]
    /// A normalised input; what the forward convolution needs.
    let forwardScratch: ThreadScratch.Layout
    /// A normalised input, a cotangent; what both pull-backs need, and a piece's part of the filter's gradient.
    let pullbackScratch: ThreadScratch.Layout

    private struct Key: Hashable {
        let geometry: ConvolutionGeometry
        let block: Int
    }

    private static let plans = Mutex<[Key: LayerPlan]>([:])

    /// - Returns: `nil` for maps without blocks, and for other filters than square ones that move evenly, whose layers are
    /// run as a whole.
    static func of(_ geometry: ConvolutionGeometry, block: Int) throws -> LayerPlan? {
        guard block > 1, geometry.square != nil else { return nil }
        let key = Key(geometry: geometry, block: block)
        return try plans.withLock { plans in
            if let known = plans[key] { return known }
            let plan = try LayerPlan(geometry, block: block)
            plans[key] = plan
            return plan
        }
    }

    private init(_ geometry: ConvolutionGeometry, block: Int) throws {
        self.geometry = geometry
        let sample = [geometry.input, geometry.output].map {
            $0.channels.rounded(upToMultipleOf: block) * $0.area * MemoryLayout<Float>.stride
        }
        let largest = max(sample[0], sample[1])
        exceedsSharedCache = largest * geometry.input.batch > Self.sharedCacheBytes
        pieces = BatchPieces(batch: geometry.input.batch, bytesPerSample: largest)
        let piece = geometry.with(batch: pieces.size)
        forward = try PieceConvolution(piece, .forward, block: block)
        toInput = try PieceConvolution(piece, .pullback, block: block)
        let hasCode = geometry.widened == nil || fk_convolution(piece, block: block) != nil
        toFilter = hasCode ? try PieceFilterGradient(piece, block: block) : nil
        inputs = PieceReader(of: geometry.input, block: block, in: pieces)
        outputs = PieceReader(of: geometry.output, block: block, in: pieces)
        groups = pieces.groups(atMost: Self.groupCount(toFilter?.sumCount ?? 0, geometry))
        forwardScratch = ThreadScratch.Layout([inputs.count, forward.scratchCount])
        pullbackScratch = ThreadScratch.Layout([
            inputs.count, outputs.count, toInput.scratchCount, toFilter?.scratchCount ?? 0,
            toFilter?.termCount ?? 0,
        ])
    }

    /// Of one map. Between the 6 MiB that passes of their own are faster for and the 12 that they are slower for, with 32 MiB
    /// of third-level cache (`Benchmarks/measure-sweep`).
    private static let sharedCacheBytes = 8 << 20

    /// Sums that there may be, a power of two, so that threads get as many each: not so many that adding them up costs
    /// more than a few per cent of them, nor more than 16 MiB; but two, for as many threads.
    private static func groupCount(_ elements: Int, _ geometry: ConvolutionGeometry) -> Int {
        let pixels = geometry.output.batch * geometry.output.area
        let most = min(pixels / leastPixels, (16 << 20) / (MemoryLayout<Float>.stride * max(1, elements)))
        return [16, 8, 4].first { $0 <= most } ?? 2
    }
    /// Of a sum: with half as many the adding up would cost twice as much.
    private static let leastPixels = 256
}
