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

/// The sum over some axes, or the mean; ONNX `ReduceSum`, `ReduceMean`, and as the mean over `ReducedAxes.space`
/// `GlobalAveragePool`.
public struct ReduceSum: Operator {
    public let axes: ReducedAxes
    /// Whether it is divided by the number of elements.
    public let isMean: Bool

    public init(_ axes: ReducedAxes, isMean: Bool = false) {
        self.axes = axes
        self.isMean = isMean
    }

    public var name: String { isMean ? "ReduceMean" : "ReduceSum" }

    public func isLinear(in slots: [Int], of operands: Int) -> Bool { true }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...1)
        return try axes.result(of: operands[0], for: self)
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        if case .whole(let whole) = operands[0] { return Evaluation(.whole(try sum(whole))) }
        let x = try operands[0].tensor
        return Evaluation(.real(try jvp(x, from: 0, at: point(x.shape))))
    }

    /// Of whole numbers; a mean loses its fraction.
    private func sum(_ x: WholeTensor) throws -> WholeTensor {
        let sum = try axes.fold(x, from: 0, for: self) { $0.addingReportingOverflow($1) }
        guard isMean else { return sum }
        let count = x.elements.count / max(1, sum.elements.count)
        return WholeTensor(sum.elements.map { $0 / max(1, count) }, shape: sum.shape)
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let kept = try axes.kept(in: point.shapes[0], for: self)
        if isGlobalAverage(of: point.shapes[0], to: kept) {
            return ScaledTensor(
                try Scalar.kernels.globalAveragePullback(cotangent.reshaped(kept), to: point.shapes[0]))
        }
        return ScaledTensor(
            Scalar.kernels.stretch(cotangent.reshaped(kept), to: point.shapes[0]), factor: factor(point))
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let kept = try axes.kept(in: point.shapes[0], for: self)
        if isGlobalAverage(of: point.shapes[0], to: kept) {
            return ScaledTensor(try Scalar.kernels.globalAverage(tangent).reshaped(point.resultShape))
        }
        return ScaledTensor(
            Scalar.kernels.sum(tangent, to: kept).reshaped(point.resultShape), factor: factor(point))
    }

    /// The mean of images over space, for which there are kernels.
    private func isGlobalAverage(of shape: Shape, to kept: Shape) -> Bool {
        isMean && shape.rank == 4 && shape.count > 0 && kept == Shape(shape[0], shape[1]) && !shape.isVector
    }

    private func factor<Scalar>(_ point: Point<Scalar>) -> Double {
        isMean ? Double(point.resultShape.count) / Double(max(1, point.shapes[0].count)) : 1
    }

    private func point<Scalar>(_ shape: Shape) throws -> Point<Scalar> {
        Point(shapes: [shape], resultShape: try axes.result(of: shape, for: self), operands: [])
    }
}

/// The root of the sum of squares over some axes, with derivative 0 where it is 0; ONNX `ReduceL2`.
public struct ReduceL2: Operator {
    public let axes: ReducedAxes

    public init(_ axes: ReducedAxes) { self.axes = axes }

    public var name: String { "ReduceL2" }
    public func reads(for slot: Int) -> Reads { Reads(operands: [0], result: true) }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...1)
        return try axes.result(of: operands[0], for: self)
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let x = try operands[0].tensor
        let norms = Scalar.kernels.norm(x, to: try axes.kept(in: x.shape, for: self))
        return Evaluation(norms.reshaped(try shape(of: [x.shape])))
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let c = cotangent.reshaped(try axes.kept(in: point.shapes[0], for: self))
        return ScaledTensor(
            Scalar.kernels.broadcast(try direction(at: point), c, to: point.shapes[0]) { $0 * $1 })
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        let kernels = Scalar.kernels
        let along = kernels.multiply(tangent, try direction(at: point))
        return ScaledTensor(
            kernels.sum(along, to: try axes.kept(in: point.shapes[0], for: self)).reshaped(point.resultShape))
    }

    /// x/‖x‖.
    private func direction<Scalar: KernelScalar>(at point: Point<Scalar>) throws -> Tensor<Scalar> {
        let norms = try point.result.reshaped(try axes.kept(in: point.shapes[0], for: self))
        return Scalar.kernels.broadcast(try point.tensor(0), norms, to: point.shapes[0]) {
            $1 == 0 ? 0 : $0 / $1
        }
    }
}
