import Tensors

/// Where the taps of a convolution's filter, or the elements of a pooling window, stand: axes of space in any number, each
/// with its own kernel, stride, dilation and padding at either end.
public struct ConvolutionWindow: Sendable, Hashable {
    /// One axis of space.
    public struct Axis: Sendable, Hashable {
        public var kernel: Int
        public var stride: Int
        public var dilation: Int
        public var before: Int
        public var after: Int

        public init(kernel: Int, stride: Int = 1, dilation: Int = 1, before: Int = 0, after: Int = 0) {
            (self.kernel, self.stride, self.dilation) = (kernel, stride, dilation)
            (self.before, self.after) = (before, after)
        }

        /// From the first tap to the last.
        public var reach: Int { (kernel - 1) * dilation + 1 }
        public var isPossible: Bool { kernel > 0 && stride > 0 && dilation > 0 }

        /// Places of the window over an axis.
        public func outputs(of extent: Int) -> Int {
            let left = extent + before + after - reach
            return left < 0 ? 0 : left / stride + 1
        }

        /// Extents that a transposed convolution makes of so many inputs.
        public func inputs(for outputs: Int, extra: Int) -> Int {
            (outputs - 1) * stride + reach - before - after + extra
        }
    }

    public var axes: [Axis]

    public init(_ axes: [Axis]) { self.axes = axes }

    /// Taps of the whole window.
    public var count: Int { axes.reduce(1) { $0 * $1.kernel } }

    /// Extents of space behind it.
    ///
    /// - Returns: `nil` where the window does not fit, or is none.
    public func outputs(of extents: [Int]) -> [Int]? {
        guard extents.count == axes.count, axes.allSatisfy(\.isPossible),
            zip(extents, axes).allSatisfy({ $0 + $1.before + $1.after >= $1.reach })
        else { return nil }
        return zip(extents, axes).map { $1.outputs(of: $0) }
    }

    /// Where in a map of so large an extent each tap reads, tap by tap and for every place of the window; `nil` outside.
    func sources(over extents: [Int]) -> [Int?] {
        let taps = Shape(axes: axes.map(\.kernel))
        let places = Shape(axes: zip(extents, axes).map { $1.outputs(of: $0) })
        let (strides, tapStrides, placeStrides) = (Shape(axes: extents).strides, taps.strides, places.strides)
        return (0..<taps.count).flatMap { tap in
            (0..<places.count).map { place in
                var source = 0
                for (index, axis) in axes.enumerated() {
                    let at =
                        place / placeStrides[index] % places[index] * axis.stride - axis.before
                        + tap / tapStrides[index] % taps[index] * axis.dilation
                    guard (0..<extents[index]).contains(at) else { return nil }
                    source += at * strides[index]
                }
                return source
            }
        }
    }
}
