import Tensors

/// Which elements of one tensor go to which places of another: all that transposing, slicing, stretching, padding,
/// gathering and the like do.
///
/// Pairs are counted by an index of several axes; how far an index along an axis leads on in the source and in the target
/// stands in a table for that axis, so that a slice, a reflection or a list of indices are all alike. Where a table holds
/// `none` there is no pair. The map is linear; its transpose adds every element of the target to where it came from.
public struct Move: Sendable, Hashable {
    /// How far an index leads on; `nil` where it leads nowhere.
    public struct Axis: Sendable, Hashable {
        public var source: [Int?]
        public var target: [Int?]

        public init(source: [Int?], target: [Int?]) {
            precondition(source.count == target.count, "\(source.count) places for \(target.count)")
            self.source = source
            self.target = target
        }

        /// Steps of one length in each.
        public static func even(_ count: Int, source: Int, target: Int) -> Axis {
            Axis(source: (0..<count).map { $0 * source }, target: (0..<count).map { $0 * target })
        }
    }

    public var axes: [Axis]

    public init(axes: [Axis]) { self.axes = axes }

    /// All pairs, in the order of the index.
    public var pairs: [(source: Int, target: Int)] {
        var pairs: [(source: Int, target: Int)] = []
        MovePairs(self).visit { pairs.append(($0, $1)) }
        return pairs
    }

    /// The rank-1 move of a list of pairs.
    public init(source: [Int?], target: [Int?]) { axes = [Axis(source: source, target: target)] }
}

extension KernelSet {
    /// Copies the pairs of a move into a tensor.
    @specialized(where Self == OneDNNKernels)
    @specialized(where Self == ReferenceKernels)
    public func copy(_ x: Tensor<Scalar>, by move: Move, into target: inout Tensor<Scalar>) {
        let pairs = MovePairs(move)
        target.reblock(to: 1)
        x.reblocked(to: 1).withUnsafeBufferPointer { x in
            target.withUnsafeMutableBufferPointer { target in
                pairs.visit { target[$1] = x[$0] }
            }
        }
    }

    /// The transpose of `copy`: adds what the pairs of a move hold in the target to where it came from.
    @specialized(where Self == OneDNNKernels)
    @specialized(where Self == ReferenceKernels)
    public func addBack(_ cotangent: Tensor<Scalar>, by move: Move, into source: inout Tensor<Scalar>) {
        let pairs = MovePairs(move)
        source.reblock(to: 1)
        cotangent.reblocked(to: 1).withUnsafeBufferPointer { cotangent in
            source.withUnsafeMutableBufferPointer { source in
                pairs.visit { source[$0] += cotangent[$1] }
            }
        }
    }
}

/// The pairs of a move without those that lead nowhere.
private struct MovePairs {
    private struct Axis {
        var source: [Int]
        var target: [Int]
    }
    private let outer: [Axis]
    private let inner: Axis

    init(_ move: Move) {
        var axes = move.axes.map { axis in
            let pairs = zip(axis.source, axis.target).compactMap { source, target in
                source.flatMap { source in target.map { (source, $0) } }
            }
            return Axis(source: pairs.map(\.0), target: pairs.map(\.1))
        }
        inner = axes.popLast() ?? Axis(source: [0], target: [0])
        outer = axes
    }

    @inline(__always)
    func visit(_ body: (_ source: Int, _ target: Int) -> Void) {
        let rows = outer.reduce(1) { $0 * $1.source.count }
        for row in 0..<rows {
            var (rest, source, target) = (row, 0, 0)
            for axis in outer.reversed() {
                let (quotient, index) = rest.quotientAndRemainder(dividingBy: axis.source.count)
                source += axis.source[index]
                target += axis.target[index]
                rest = quotient
            }
            for index in inner.source.indices {
                body(source + inner.source[index], target + inner.target[index])
            }
        }
    }
}
