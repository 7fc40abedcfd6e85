import COneDNN
import Tensors

extension OneDNNKernels {
    public func convolutionFilterGradient(
        _ cotangent: Tensor<Float>, at x: Tensor<Float>, _ geometry: ConvolutionGeometry
    ) throws -> Tensor<Float> {
        precondition(
            x.shape == geometry.input && cotangent.shape == geometry.output,
            "\(x.shape) and \(cotangent.shape) against \(geometry)")
        guard !geometry.isEmpty else { return Tensor(zeros: geometry.filter) }
        if geometry.isLinearLayer, x.block == 1 {
            return try linearFilterGradient(cotangent.reblocked(to: 1), at: x, geometry)
        }
        if let wider = geometry.widened {
            let block = block(for: geometry, reading: x)
            return try convolutionFilterGradient(
                cotangent.reblocked(to: block).bordered(as: wider.output),
                at: x.reblocked(to: block).bordered(as: wider.input), wider)
        }
        let (plan, compiled) = try ConvolutionPlan.compiled(
            geometry, .backwardWeights, block: block(for: geometry, reading: x), threads: threads)
        let block = plan.key.block
        // The library's filter has whole blocks of channels on both sides.
        let padded = (geometry.filling(blocksOf: block) ?? geometry).filter
        let gradient = try Tensor<Float>.filled(padded, block: 1) { result in
            try withElements(x.reblocked(to: block), cotangent.reblocked(to: block)) {
                try compiled.runFilterGradient($0, $1, result)
            }
        }
        return padded == geometry.filter ? gradient : gradient.cropped(to: geometry.filter)
    }

    private func linearFilterGradient(
        _ cotangent: Tensor<Float>, at x: Tensor<Float>, _ geometry: ConvolutionGeometry
    ) throws -> Tensor<Float> {
        try .filled(geometry.filter, block: 1) { result in
            try withElements(cotangent, x) { cotangent, x in
                let status = od_linear_filter_gradient(
                    Int64(geometry.input.batch), Int64(geometry.input.channels),
                    Int64(geometry.outputChannels), cotangent, x, result, threads)
                try KernelError.check(status, "filter gradient of the linear layer \(geometry)")
            }
        }
    }
}

extension ConvolutionGeometry {
    /// The same filter on larger images, where images are smaller than the filter: for these the library has no
    /// compiled filter gradient (2.6), and its plain code takes a thousand times as long. Zeros below and to the
    /// right add nothing to the gradient where the images keep their size and their padding is zero anyway.
    var widened: ConvolutionGeometry? {
        guard let square, square.stride == 1, 2 * square.padding == square.kernel - 1,
            min(input.height, input.width) < square.kernel
        else { return nil }
        var wider = self
        wider.input = Shape(
            input.batch, input.channels, max(input.height, square.kernel + 1),
            max(input.width, square.kernel + 1))
        return wider
    }
}

extension Tensor<Float> {
    /// Images with zeros below and to the right, in the same blocks.
    fileprivate func bordered(as larger: Shape) -> Tensor {
        let (row, wideRow) = (shape.width * block, larger.width * block)
        var bordered = Tensor(zeros: larger, block: block)
        withUnsafeBufferPointer { source in
            bordered.withUnsafeMutableBufferPointer { target in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                let planes = source.count / (shape.height * row)
                for plane in 0..<planes {
                    for line in 0..<shape.height {
                        (to + (plane * larger.height + line) * wideRow).update(
                            from: from + (plane * shape.height + line) * row, count: row)
                    }
                }
            }
        }
        return bordered
    }

    /// The first rows and columns of a plain filter.
    func cropped(to smaller: Shape) -> Tensor {
        let (columns, area) = (shape.channels, shape.area)
        return .filled(smaller, block: 1) { result in
            withElements(self) { source in
                guard let source, let result else { return }
                let kept = smaller.channels * area
                for row in 0..<smaller.batch {
                    (result + row * kept).update(from: source + row * columns * area, count: kept)
                }
            }
        }
    }
}
