import CFusedKernels
import Tensors

/// Which compiled convolution serves a request, and the form in which it wants the filter.
struct ConvolutionPlan: Sendable {
    enum FilterForm: Equatable, Sendable { case plain, transposed }

    let key: CompiledConvolution.Key
    let form: FilterForm

    init(
        _ geometry: ConvolutionGeometry, _ direction: CompiledConvolution.Direction, block: Int,
        threads: Int32
    ) {
        let swaps = direction == .forward && geometry.isFasterAsTranspose(block: block)
        form = swaps ? .transposed : .plain
        key = CompiledConvolution.Key(
            geometry: swaps ? geometry.transposed : geometry, direction: swaps ? .backwardData : direction,
            block: block, threads: threads)
    }

    /// The plan and its convolution in blocks of channels, or plain where the library has compiled code for that alone: for
    /// gradients of depthwise filters larger than 3×3, say (2.6).
    static func compiled(
        _ geometry: ConvolutionGeometry, _ direction: CompiledConvolution.Direction, block: Int,
        threads: Int32
    ) throws -> (plan: ConvolutionPlan, convolution: CompiledConvolution) {
        let plan = ConvolutionPlan(geometry, direction, block: block, threads: threads)
        let convolution = try ConvolutionCache.convolution(plan.key)
        guard convolution.isUncompiled, block > 1, geometry.square == nil else { return (plan, convolution) }
        let plain = ConvolutionPlan(geometry, direction, block: 1, threads: threads)
        return (plain, try ConvolutionCache.convolution(plain.key))
    }

    /// The filter in the plan's form, its channels on both sides filling whole blocks as those of the maps do.
    func prepared(_ filter: Tensor<Float>) -> Tensor<Float> {
        let shape = (key.geometry.filling(blocksOf: key.block) ?? key.geometry).filter
        guard form == .transposed || shape != filter.shape else { return filter }
        let prepare = form == .transposed ? fk_transpose_filter : fk_pad_filter
        return .filled(shape, block: 1) { result in
            withElements(filter) { elements in
                prepare(
                    Int64(filter.shape.batch), Int64(filter.shape.channels), Int64(filter.shape.area),
                    elements, Int64(shape.batch), Int64(shape.channels), result)
            }
        }
    }
}

extension ConvolutionGeometry {
    /// The convolution whose pull-back this one is, for stride 1 and "same" padding: channels change places.
    fileprivate var transposed: ConvolutionGeometry {
        ConvolutionGeometry(input: output, outputChannels: input.channels, window: window, groups: groups)
    }

    /// Where the library's forward code is slower than its backward-data code (oneDNN 2.6, measured): with AVX-512
    /// in the first stage of a CIFAR network, one block of outputs and rows of 32 pixels, by 35 %, because forward
    /// keeps 28 pixels of a row in registers and backward-data 32; with AVX2, blocks of 8 channels, by 5 to 25 % for
    /// every 3×3 convolution of these networks.
    fileprivate func isFasterAsTranspose(block: Int) -> Bool {
        guard let square, square.kernel == 3, square.stride == 1, square.padding == 1 else { return false }
        return block == 8 || (block == 16 && outputChannels <= 16 && (29...32).contains(input.width))
    }
}
