import Kernels
import Operators
import Tensors

extension OperatorCatalogue {
    /// Sums of products.
    static let linear: [String: Translation] = [
        "Conv": Translation { try $0.convolution() },
        "ConvTranspose": Translation { try $0.transposedConvolution() },
        "MatMul": .operation(MatMul()),
        "Gemm": .operation {
            Gemm(
                alpha: try $0.float("alpha", default: 1), beta: try $0.float("beta", default: 1),
                transposesFirst: try $0.flag("transA"), transposesSecond: try $0.flag("transB"))
        },
        "Einsum": .operation { try Einsum($0.required("equation", $0.givenString)) },
    ]
}

extension NodeReading {
    fileprivate mutating func convolution() throws -> Operand {
        let (x, filter) = (try operand(0), try operand(1))
        let window = try window(filter.spaceExtents, over: x.spaceExtents)
        return try apply(
            Conv(window, groups: try int("group", default: 1)), to: [x, filter] + bias())
    }

    /// A bias of zeros, which exporters write where a layer has none, is none.
    private func bias() throws -> [Operand] {
        guard let bias = given(2) else { return [] }
        let isZero = try bias.reals?().allSatisfy { $0 == 0 } ?? false
        return isZero ? [] : [bias]
    }

    fileprivate mutating func transposedConvolution() throws -> Operand {
        let (x, filter) = (try operand(0), try operand(1))
        let extents = x.spaceExtents
        let stated = try bounded("output_padding", count: extents.count, least: 0)
        var (window, added) = (
            try unpaddedWindow(filter.spaceExtents, over: extents), stated ?? extents.map { _ in 0 }
        )
        if let wanted = try wantedExtents(of: window, over: extents) {
            // What is uneven stands before but for SAME_UPPER; what is missing is added behind.
            let moreBehind = try string("auto_pad", default: "") == AutomaticPadding.sameUpper.rawValue
            for index in window.axes.indices {
                let natural = window.axes[index].inputs(for: extents[index], extra: added[index])
                let excess = max(0, natural - wanted[index])
                added[index] += max(0, wanted[index] - natural)
                let (less, more) = (excess / 2, excess - excess / 2)
                (window.axes[index].before, window.axes[index].after) =
                    moreBehind ? (less, more) : (more, less)
            }
        } else {
            window = try self.window(filter.spaceExtents, over: extents)
        }
        return try apply(
            ConvTranspose(window, groups: try int("group", default: 1), outputPadding: added),
            to: [x, filter] + bias())
    }

    /// Extents that a transposed convolution is to have: those that it states, or what its strides lead to.
    private func wantedExtents(of window: ConvolutionWindow, over extents: [Int]) throws -> [Int]? {
        if let wanted = try bounded("output_shape", count: extents.count, least: 0) { return wanted }
        switch try choice("auto_pad", default: AutomaticPadding.notSet) {
        case .notSet, .valid: return nil
        case .sameUpper, .sameLower: return zip(window.axes, extents).map { $0.stride * $1 }
        }
    }
}

extension NodeReading.Operand {
    /// Of the axes behind the first two.
    var spaceExtents: [Int] { Array(shape.axes.dropFirst(2)) }
}
