import Kernels

// Windows of convolutions and pools: `kernel_shape`, `strides`, `dilations`, `pads` and `auto_pad`.
extension NodeReading {
    /// What the padding goes by; with the names of ONNX.
    enum AutomaticPadding: String {
        case notSet = "NOTSET"
        case valid = "VALID"
        /// So that there is one place of the window for each stride, what is uneven at the end.
        case sameUpper = "SAME_UPPER"
        /// Likewise, what is uneven at the beginning.
        case sameLower = "SAME_LOWER"
    }

    /// The window of a node.
    ///
    /// - Parameters:
    ///   - kernel: its extents where the node does not state them: those of the filter.
    ///   - extents: of the axes of space that it slides over.
    func window(_ kernel: [Int]? = nil, over extents: [Int]) throws -> ConvolutionWindow {
        var window = try unpaddedWindow(kernel, over: extents)
        switch try choice("auto_pad", default: AutomaticPadding.notSet) {
        case .notSet:
            let pads = try bounded("pads", count: 2 * extents.count) ?? []
            for index in window.axes.indices where !pads.isEmpty {
                (window.axes[index].before, window.axes[index].after) = (
                    pads[index], pads[index + extents.count]
                )
            }
        case .valid: break
        case .sameUpper: window.pad(for: extents, moreBehind: true)
        case .sameLower: window.pad(for: extents, moreBehind: false)
        }
        return window
    }

    /// The window without padding.
    func unpaddedWindow(_ kernel: [Int]?, over extents: [Int]) throws -> ConvolutionWindow {
        let count = extents.count
        guard let kernel = try bounded("kernel_shape", count: count) ?? kernel else {
            throw malformed("has no attribute kernel_shape")
        }
        guard kernel.count == count, (kernel + extents).allSatisfy({ $0 <= 1 << 32 }) else {
            throw malformed("has a window of \(kernel) over axes of \(extents)")
        }
        let strides = try bounded("strides", count: count, least: 1)
        let dilations = try bounded("dilations", count: count, least: 1)
        return ConvolutionWindow(
            kernel.indices.map {
                .init(kernel: kernel[$0], stride: strides?[$0] ?? 1, dilation: dilations?[$0] ?? 1)
            })
    }

    /// Numbers of which none is so great that sums and products of some of them, and of extents, could not be counted.
    func bounded(_ name: String, count: Int, least: Int = -1 << 24) throws -> [Int]? {
        guard let numbers = try givenInts(name) else { return nil }
        guard numbers.count == count else {
            throw malformed("has \(numbers.count) numbers for \(name), and needs \(count)")
        }
        guard numbers.allSatisfy({ (least...1 << 24).contains($0) }) else { throw unsupported(name, numbers) }
        return numbers
    }
}

extension ConvolutionWindow {
    /// Pads so that there are as many places of the window as strides in the extent, the last one perhaps begun.
    fileprivate mutating func pad(for extents: [Int], moreBehind: Bool) {
        for index in axes.indices {
            let (axis, extent) = (axes[index], extents[index])
            let outputs = (extent + axis.stride - 1) / axis.stride
            let missing = max(0, (outputs - 1) * axis.stride + axis.reach - extent)
            let (less, more) = (missing / 2, missing - missing / 2)
            (axes[index].before, axes[index].after) = moreBehind ? (less, more) : (more, less)
        }
    }
}
