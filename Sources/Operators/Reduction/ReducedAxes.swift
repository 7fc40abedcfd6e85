import Kernels
import Tensors

/// Which axes a reduction runs over, and what becomes of them.
public struct ReducedAxes: Sendable, Hashable {
    private enum Choice: Sendable, Hashable {
        case some([Int])
        case from(Int)
    }
    private let choice: Choice
    /// Whether they stay, with extent 1.
    public let keeps: Bool

    /// - Parameter axes: negative ones count from the end; all where it is `nil`.
    public init(_ axes: [Int]? = nil, keeping keeps: Bool = true) {
        choice = axes.map { .some($0) } ?? .from(0)
        self.keeps = keeps
    }

    private init(from first: Int) { (choice, keeps) = (.from(first), true) }

    /// Those of (N, C, space) behind the channels, in any number: what the global poolings reduce.
    public static let space = ReducedAxes(from: 2)

    /// The operand's shape with extent 1 along them.
    func kept(in shape: Shape, for operation: some Operator) throws -> Shape {
        var kept = shape
        for axis in try resolved(in: shape, for: operation) { kept[axis] = 1 }
        return kept
    }

    /// The result's shape.
    func result(of shape: Shape, for operation: some Operator) throws -> Shape {
        let gone = keeps ? [] : try resolved(in: shape, for: operation)
        let kept = try kept(in: shape, for: operation)
        return Shape(axes: (0..<shape.rank).filter { !gone.contains($0) }.map { kept[$0] })
    }

    /// For every element of an operand, the element of the result that it goes into.
    func targets(in shape: Shape, for operation: some Operator) throws -> [Int] {
        let strides = try kept(in: shape, for: operation).strides(stretchedTo: shape)
        let own = shape.strides
        return (0..<shape.count).map { flat in
            (0..<shape.rank).reduce(0) { $0 + flat / own[$1] % shape[$1] * strides[$1] }
        }
    }

    /// The axes of an operand that it runs over, counted from 0.
    ///
    /// - Throws: `OperatorError.attribute` where the operand has no such axis.
    package func resolved(in shape: Shape, for operation: some Operator) throws -> Set<Int> {
        switch choice {
        case .some(let axes): return Set(try axes.map { try operation.axis($0, of: shape) })
        case .from(let first):
            // Of (N, C), with no space, none.
            guard first != shape.rank else { return [] }
            return Set(try operation.axis(first, of: shape)..<shape.rank)
        }
    }
}

extension ReducedAxes {
    /// f(f(start, x), y) … of the whole numbers that go into each element of the result.
    ///
    /// - Parameter f: with whether its result is none.
    /// - Throws: `OperatorError.value` where it is.
    func fold(
        _ x: WholeTensor, from start: Int, for operation: some Operator,
        _ f: (Int, Int) -> (partialValue: Int, overflow: Bool)
    ) throws -> WholeTensor {
        let shape = try result(of: x.shape, for: operation)
        var folded = [Int](repeating: start, count: shape.count)
        for (element, target) in zip(x.elements, try targets(in: x.shape, for: operation)) {
            let (result, isNone) = f(folded[target], element)
            guard !isNone else {
                throw OperatorError.value(
                    operation: operation.name,
                    reason:
                        "its result for the whole numbers \(folded[target]) and \(element) is none of 64 bits"
                )
            }
            folded[target] = result
        }
        return WholeTensor(folded, shape: shape)
    }
}
