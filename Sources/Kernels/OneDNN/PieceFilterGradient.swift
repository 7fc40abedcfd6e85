import CFusedKernels
import COneDNN
import Tensors

/// How the filter gradients of the pieces of a batch are computed and summed, thread by thread.
enum PieceFilterGradient: Sendable {
    /// Adds to the sum itself.
    case fused(fk_convolution)
    case compiled(CompiledConvolution)

    /// - Parameter geometry: of a piece.
    init(_ geometry: ConvolutionGeometry, block: Int) throws {
        if let shape = fk_convolution(geometry, block: block) {
            self = .fused(shape)
        } else {
            self = .compiled(
                try ConvolutionCache.convolution(
                    CompiledConvolution.Key(
                        geometry: geometry, direction: .backwardWeights, block: block, threads: 1)))
        }
    }

    /// Elements of a sum.
    var sumCount: Int {
        switch self {
        case .compiled(let convolution): convolution.filterCount
        case .fused(let shape): shape.filterCount
        }
    }

    /// Elements of one piece's part, where that is not added to the sum at once.
    var termCount: Int {
        if case .compiled(let convolution) = self { return convolution.filterCount }
        return 0
    }

    var scratchCount: Int {
        switch self {
        case .compiled(let convolution): convolution.scratchCount
        case .fused: 0
        }
    }

    /// Lends what every thread needs for `add`.
    func withRuns<Result>(_ threads: Int32, _ body: ([ConvolutionRun]) throws -> Result) throws -> Result {
        guard case .compiled(let convolution) = self else { return try body([]) }
        return try convolution.withRuns(threads, body)
    }

    /// Memory of one thread.
    struct Target {
        let sum: UnsafeMutablePointer<Float>
        let term: UnsafeMutablePointer<Float>
        let scratch: UnsafeMutablePointer<Float>
        /// Whether the sum is still without any piece's part.
        let isFirst: Bool
    }

    /// Adds the part of one piece.
    ///
    /// - Parameter runs: as `withRuns` lent them.
    func add(
        _ x: UnsafePointer<Float>, _ cotangent: UnsafePointer<Float>, to target: Target,
        _ runs: [ConvolutionRun], _ thread: Int
    ) -> od_status {
        switch self {
        case .fused(let shape):
            fk_add_filter_gradient(shape, x, cotangent, target.isFirst ? 1 : 0, target.sum)
            return 0
        case .compiled:
            let result = target.isFirst ? target.sum : target.term
            let status = runs[thread].execute(
                input: x, output: cotangent, filter: UnsafePointer(result), scratch: target.scratch)
            if !target.isFirst, status == 0 {
                fk_combine(Int64(sumCount), target.sum, 1, target.term, 1, target.sum, 1)
            }
            return status
        }
    }

    /// So many sums, one after another, together and in order, as a plain filter (O, I, k, k).
    func plain(
        _ sums: UnsafeMutablePointer<Float>, count: Int, _ geometry: ConvolutionGeometry, block: Int,
        threads: Int32
    ) throws -> Tensor<Float> {
        let convolution: CompiledConvolution
        switch self {
        case .fused(let shape):
            return .filled(geometry.filter, block: 1) {
                fk_filter_of_blocks(
                    Int64(geometry.outputChannels), Int64(geometry.input.channels), shape.kernel,
                    Int64(block), sums, Int64(count), $0, threads)
            }
        case .compiled(let compiled): convolution = compiled
        }
        for other in 1..<max(1, count) {
            fk_combine(Int64(sumCount), sums, 1, sums + other * sumCount, 1, sums, threads)
        }
        let padded = (geometry.filling(blocksOf: block) ?? geometry).filter
        let gradient = try Tensor<Float>.filled(padded, block: 1) {
            try convolution.plainFilter(UnsafePointer(sums), to: $0)
        }
        return padded == geometry.filter ? gradient : gradient.cropped(to: geometry.filter)
    }
}
