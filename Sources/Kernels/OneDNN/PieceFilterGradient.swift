import CFusedKernels
import COneDNN
import Tensors

/// How the filter gradients of the pieces of a batch are computed and summed, thread by thread.
enum PieceFilterGradient {
    case compiled(CompiledConvolution)
    /// By the fused kernel, which adds to the sum itself.
    case fused(ConvolutionGeometry)

    /// - Parameter geometry: of a piece.
    init(_ geometry: ConvolutionGeometry, block: Int) throws {
        if block == 8, geometry.kernel == 3, geometry.stride == 1, geometry.padding == 1,
            fk_has_filter_gradient() != 0
        {
            self = .fused(geometry)
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
        case .fused(let geometry):
            geometry.input.channels.rounded(upToMultipleOf: 8)
                * geometry.outputChannels.rounded(upToMultipleOf: 8) * 9
        }
    }

    /// Elements of one piece's part, where that is not added to the sum at once.
    var termCount: Int {
        if case .compiled(let convolution) = self { return convolution.filterCount }
        return 0
    }

    var scratchCount: Int {
        if case .compiled(let convolution) = self { return convolution.scratchCount }
        return 0
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
    func add(
        _ x: UnsafePointer<Float>, _ cotangent: UnsafePointer<Float>, to target: Target,
        _ run: ConvolutionRun?
    ) -> od_status {
        if case .fused(let geometry) = self {
            if target.isFirst { target.sum.update(repeating: 0, count: sumCount) }
            fk_add_filter_gradient(
                Int64(geometry.input.batch), Int64(geometry.input.channels.rounded(upToMultipleOf: 8)),
                Int64(geometry.outputChannels.rounded(upToMultipleOf: 8)), Int64(geometry.input.height),
                Int64(geometry.input.width), x, cotangent, target.sum)
        }
        guard let run else { return 0 }
        let result = target.isFirst ? target.sum : target.term
        let status = run.execute(
            input: x, output: cotangent, filter: UnsafePointer(result), scratch: target.scratch)
        if !target.isFirst { fk_combine(Int64(sumCount), target.sum, 1, target.term, 1, target.sum, 1) }
        return status
    }

    /// A sum as a plain filter.
    func plain(
        _ sum: UnsafePointer<Float>, _ geometry: ConvolutionGeometry, block: Int
    ) throws -> Tensor<Float> {
        guard case .compiled(let convolution) = self else {
            return Tensor<Float>.filled(geometry.filter, block: 1) {
                fk_plain_filter_of_blocks(
                    Int64(geometry.input.channels), Int64(geometry.outputChannels), sum, $0)
            }
        }
        let padded = Shape(
            geometry.outputChannels.rounded(upToMultipleOf: block),
            geometry.input.channels.rounded(upToMultipleOf: block), geometry.kernel, geometry.kernel)
        let gradient = try Tensor<Float>.filled(padded, block: 1) { try convolution.plainFilter(sum, to: $0) }
        return padded == geometry.filter ? gradient : gradient.cropped(to: geometry.filter)
    }
}
