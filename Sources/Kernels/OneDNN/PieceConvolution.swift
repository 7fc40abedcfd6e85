import CFusedKernels
import COneDNN
import Tensors

/// A convolution of one piece of a batch on one thread, forward or back to its input: by the fused kernel where there is
/// one, else by the library.
enum PieceConvolution: Sendable {
    enum Direction: Sendable {
        case forward, pullback
    }

    /// The pull-back is the convolution of the cotangent with the transposed filter.
    case fused(fk_convolution, Direction)
    case compiled(CompiledConvolution, ConvolutionPlan)

    /// - Parameter geometry: of a piece.
    init(_ geometry: ConvolutionGeometry, _ direction: Direction, block: Int) throws {
        if let shape = fk_convolution(geometry, block: block) {
            self = .fused(direction == .forward ? shape : shape.transposed, direction)
        } else {
            let plan = ConvolutionPlan(
                geometry, direction == .forward ? .forward : .backwardData, block: block, threads: 1)
            self = .compiled(try ConvolutionCache.convolution(plan.key), plan)
        }
    }

    /// A plain filter (O, I, k, k) in the convolution's own layout.
    func prepared(_ filter: Tensor<Float>) throws -> Tensor<Float> {
        switch self {
        case .compiled(let convolution, let plan):
            return try convolution.prepare(plan.prepared(filter))
        case .fused(let shape, let direction):
            let lay =
                direction == .forward ? fk_blocks_of_filter : fk_blocks_of_transposed_filter
            return .filled(Shape(1, shape.filterCount), block: 1) { result in
                withElements(filter) { elements in
                    lay(
                        Int64(filter.shape.batch), Int64(filter.shape.channels), shape.kernel, shape.block,
                        elements, result, Int32(clamping: ComputeThreads.count))
                }
            }
        }
    }

    /// Elements of scratch memory of one thread.
    var scratchCount: Int {
        switch self {
        case .compiled(let convolution, _): convolution.scratchCount
        case .fused: 0
        }
    }

    /// Lends what every thread needs for `run`.
    func withRuns<Result>(_ threads: Int32, _ body: ([ConvolutionRun]) throws -> Result) throws -> Result {
        guard case .compiled(let convolution, _) = self else { return try body([]) }
        return try convolution.withRuns(threads, body)
    }

    /// What is added to a piece's result: a piece of a map of its shape, times a factor.
    typealias Terms = (map: UnsafePointer<Float>, factor: Float)

    /// Memory of one thread.
    struct Place {
        let result: UnsafeMutablePointer<Float>
        let scratch: UnsafeMutablePointer<Float>
        let thread: Int
    }

    /// Convolves one piece.
    ///
    /// - Parameters:
    ///   - filter: prepared.
    ///   - ahead: what the thread reads and writes next.
    ///   - runs: as `withRuns` lent them.
    ///   - elements: of the result.
    func run(
        _ source: UnsafePointer<Float>, _ filter: UnsafePointer<Float>, adding terms: Terms? = nil,
        to place: Place, elements: Int, ahead: fk_ahead = fk_ahead(), _ runs: [ConvolutionRun]
    ) -> od_status {
        switch self {
        case .compiled(_, let plan):
            let status = runs[place.thread].execute(
                plan, from: source, filter, to: place.result, place.scratch)
            if let terms {
                fk_combine(Int64(elements), place.result, 1, terms.map, terms.factor, place.result, 1)
            }
            return status
        case .fused(let shape, _):
            fk_convolve(shape, source, filter, terms?.map, terms?.factor ?? 0, place.result, ahead)
            return 0
        }
    }

    var description: String {
        switch self {
        case .compiled(let convolution, _): convolution.key.description
        case .fused: "a fused convolution"
        }
    }
}

extension fk_convolution {
    /// `nil` where the fused kernels do not serve.
    init?(_ geometry: ConvolutionGeometry, block: Int) {
        guard let square = geometry.square, square.stride == 1, [1, 3].contains(square.kernel),
            square.padding == square.kernel / 2, fk_has_convolutions(Int64(block)) != 0
        else { return nil }
        let (input, output) = (geometry.input, geometry.output)
        func blocks(_ channels: Int) -> Int64 { Int64((channels + block - 1) / block) }
        self.init(
            block: Int64(block), samples: Int64(input.batch), input_blocks: blocks(input.channels),
            output_blocks: blocks(output.channels), height: Int64(input.height), width: Int64(input.width),
            kernel: Int64(square.kernel))
    }

    /// From the outputs to the inputs.
    fileprivate var transposed: fk_convolution {
        var shape = self
        (shape.input_blocks, shape.output_blocks) = (output_blocks, input_blocks)
        return shape
    }

    /// Elements of a filter in blocks.
    var filterCount: Int { Int(input_blocks * output_blocks * kernel * kernel * block * block) }
}
