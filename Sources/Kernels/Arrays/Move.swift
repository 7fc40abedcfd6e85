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

    /// From the targets to the sources.
    public var reversed: Move { Move(axes: axes.map { Axis(source: $0.target, target: $0.source) }) }

    /// All pairs, in the order of the index.
    public var pairs: [(source: Int, target: Int)] {
        var pairs: [(source: Int, target: Int)] = []
        MovePairs(self).forEachPair { pairs.append(($0, $1)) }
        return pairs
    }

    /// The rank-1 move of a list of pairs.
    public init(source: [Int?], target: [Int?]) { axes = [Axis(source: source, target: target)] }
}

// On several threads where some axis keeps apart what they write; each element is written, or added to, in the order of the
// index all the same.
extension KernelSet {
    /// Copies the pairs of a move into a tensor.
    @specialized(where Self == OneDNNKernels)
    @specialized(where Self == ReferenceKernels)
    public func copy(_ x: Tensor<Scalar>, by move: Move, into target: inout Tensor<Scalar>) {
        target.reblock(to: 1)
        x.reblocked(to: 1).withUnsafeBufferPointer { x in
            target.withUnsafeMutableBufferPointer { target in
                let (x, target) = (Unchecked(x), Unchecked(target))
                MovePairs(move).share(by: \.target) { pairs in
                    pairs.forEachPair { target.value[$1] = x.value[$0] }
                }
            }
        }
    }

    /// The transpose of `copy`: adds what the pairs of a move hold in the target to where it came from.
    @specialized(where Self == OneDNNKernels)
    @specialized(where Self == ReferenceKernels)
    public func addBack(_ cotangent: Tensor<Scalar>, by move: Move, into source: inout Tensor<Scalar>) {
        source.reblock(to: 1)
        cotangent.reblocked(to: 1).withUnsafeBufferPointer { cotangent in
            source.withUnsafeMutableBufferPointer { source in
                let (cotangent, source) = (Unchecked(cotangent), Unchecked(source))
                MovePairs(move).share(by: \.source) { pairs in
                    pairs.forEachPair { source.value[$0] += cotangent.value[$1] }
                }
            }
        }
    }
}

/// The pairs of a move without those that lead nowhere.
private struct MovePairs {
    struct Axis {
        var source: [Int]
        var target: [Int]
    }
    /// The last one is the innermost.
    private var axes: [Axis]

    init(_ move: Move) {
        axes = move.axes.map { axis in
            let pairs = zip(axis.source, axis.target).compactMap { source, target in
                source.flatMap { source in target.map { (source, $0) } }
            }
            return Axis(source: pairs.map(\.0), target: pairs.map(\.1))
        }
        if axes.isEmpty { axes = [Axis(source: [0], target: [0])] }
    }

    private var count: Int { axes.reduce(1) { $0 * $1.source.count } }

    /// Runs `body` with parts of the pairs, in threads where no two parts share a place.
    func share(by places: KeyPath<Axis, [Int]>, _ body: @escaping (MovePairs) -> Void) {
        // A few parts for each thread of a large machine; their number makes no difference to any result.
        guard let axis = separatingAxis(of: places), count > 0 else { return body(self) }
        let extent = axes[axis].source.count
        let parts = min(extent, 64)
        forEachIndex(below: parts, cost: 4 * count) { part in
            let range = (extent * part / parts)..<(extent * (part + 1) / parts)
            var pairs = self
            pairs.axes[axis].source = Array(axes[axis].source[range])
            pairs.axes[axis].target = Array(axes[axis].target[range])
            body(pairs)
        }
    }

    /// The longest axis along which every index leads beyond all places of the index before, whatever those of the others.
    private func separatingAxis(of places: KeyPath<Axis, [Int]>) -> Int? {
        let reaches = axes.map { axis in
            (axis[keyPath: places].max() ?? 0) - (axis[keyPath: places].min() ?? 0)
        }
        let total = reaches.reduce(0, +)
        let separating = axes.indices.filter { index in
            let sorted = axes[index][keyPath: places].sorted()
            return zip(sorted, sorted.dropFirst()).allSatisfy { $1 - $0 > total - reaches[index] }
        }
        return separating.max { axes[$0].source.count < axes[$1].source.count }
    }

    @inline(__always)
    func forEachPair(_ body: (_ source: Int, _ target: Int) -> Void) {
        guard let inner = axes.last else { return }
        let outer = axes.dropLast()
        let rows = outer.reduce(1) { $0 * $1.source.count }
        inner.source.withUnsafeBufferPointer { sources in
            inner.target.withUnsafeBufferPointer { targets in
                for row in 0..<rows {
                    var (rest, source, target) = (row, 0, 0)
                    for axis in outer.reversed() {
                        let (quotient, index) = rest.quotientAndRemainder(dividingBy: axis.source.count)
                        source += axis.source[index]
                        target += axis.target[index]
                        rest = quotient
                    }
                    for index in sources.indices { body(source + sources[index], target + targets[index]) }
                }
            }
        }
    }
}
