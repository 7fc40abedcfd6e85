import Kernels
import Tensors

/// The k largest, or smallest, elements along an axis, in order; ONNX `TopK`, its values. Equal ones in the order in which
/// they stand. `TopKIndices` are the places.
public struct TopK: MovingOperator {
    public let count: Int
    public let axis: Int
    public let isLargest: Bool

    public init(_ count: Int, axis: Int = -1, largest: Bool = true) {
        self.count = count
        self.axis = axis
        isLargest = largest
    }

    public var name: String { "TopK" }

    public func shape(of operands: [Shape]) throws -> Shape {
        try require(operands, count: 1...1)
        var shape = operands[0]
        let axis = try axis(axis, of: shape)
        guard count >= 0, count <= shape[axis] else {
            throw OperatorError.attribute(
                operation: name, attribute: "k", value: "\(count)",
                requirement: "an axis of \(shape[axis]) has no more")
        }
        shape[axis] = count
        return shape
    }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let x = try operands[0].tensor
        let result = try shape(of: [x.shape])
        let places = try places(of: x.doubles, x.shape)
        let strides = x.shape.strides
        let axis = try axis(axis, of: x.shape)
        let own = result.strides
        let source = places.indices.map { flat in
            (0..<result.rank).reduce(0) {
                $0 + ($1 == axis ? places[flat] : flat / own[$1] % result[$1]) * strides[$1]
            }
        }
        let move = Move(source: source, target: Array(source.indices))
        var target = Tensor<Scalar>(uninitialized: result)
        Scalar.kernels.copy(x, by: move, into: &target)
        return Evaluation(target, residue: [move] as [Move?])
    }

    /// Along the axis, for every element of the result.
    func places(of elements: [Double], _ shape: Shape) throws -> [Int] {
        let axis = try axis(axis, of: shape)
        let (inner, extent) = (shape.count(of: (axis + 1)...), shape[axis])
        var places = [Int](repeating: 0, count: try self.shape(of: [shape]).count)
        for outer in 0..<shape.count(of: ..<axis) {
            for column in 0..<inner {
                func element(_ index: Int) -> Double { elements[(outer * extent + index) * inner + column] }
                let order = (0..<extent).sorted {
                    let (a, b) = (element($0), element($1))
                    return a == b ? $0 < $1 : isLargest ? a > b : a < b
                }
                for rank in 0..<count { places[(outer * count + rank) * inner + column] = order[rank] }
            }
        }
        return places
    }
}

/// The places that `TopK` finds; whole numbers, which no derivative passes.
public struct TopKIndices: Operator {
    public let selection: TopK

    public init(_ selection: TopK) { self.selection = selection }

    public var name: String { "TopK" }
    public func isDifferentiable(in slot: Int) -> Bool { false }
    public func shape(of operands: [Shape]) throws -> Shape { try selection.shape(of: operands) }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let x = try operands[0].tensor
        let places = try selection.places(of: x.doubles, x.shape)
        return Evaluation(.whole(WholeTensor(places, shape: try shape(of: [x.shape]))))
    }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> { throw OperatorError.notDifferentiable(operation: name, slot: slot) }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> { throw OperatorError.notDifferentiable(operation: name, slot: slot) }
}
