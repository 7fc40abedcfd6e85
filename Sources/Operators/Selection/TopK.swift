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
        let shape = operands[0].shape
        let (result, axis) = (try self.shape(of: [shape]), try self.axis(axis, of: shape))
        let indices = WholeTensor(try places(of: operands[0]), shape: result)
        let source = try indices.places(along: axis, in: shape, for: self)
        if case .whole(let whole) = operands[0] {
            return Evaluation(.whole(WholeTensor(source.map { whole.elements[$0] }, shape: result)))
        }
        let move = Move(source: source, target: Array(source.indices))
        var target = Tensor<Scalar>(uninitialized: result)
        Scalar.kernels.copy(try operands[0].tensor, by: move, into: &target)
        return Evaluation(target, residue: [move] as [Move?])
    }

    /// Along the axis, for every element of the result.
    func places<Scalar>(of operand: Value<Scalar>) throws -> [Int] {
        switch operand {
        case .whole(let whole): try places(of: whole.elements, whole.shape)
        case .real(let scaled, _): try places(of: scaled.plain.doubles, scaled.tensor.shape)
        }
    }

    private func places<Number: Comparable>(of elements: [Number], _ shape: Shape) throws -> [Int] {
        let axis = try axis(axis, of: shape)
        let (inner, extent) = (shape.count(of: (axis + 1)...), shape[axis])
        var places = [Int](repeating: 0, count: try self.shape(of: [shape]).count)
        guard !places.isEmpty else { return places }
        for outer in 0..<shape.count(of: ..<axis) {
            for column in 0..<inner {
                func element(_ index: Int) -> Number { elements[(outer * extent + index) * inner + column] }
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
public struct TopKIndices: NondifferentiableOperator {
    public let selection: TopK

    public init(_ selection: TopK) { self.selection = selection }

    public var name: String { "TopK" }
    public func shape(of operands: [Shape]) throws -> Shape { try selection.shape(of: operands) }

    public func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
        let shape = try shape(of: operands.map(\.shape))
        return Evaluation(.whole(WholeTensor(try selection.places(of: operands[0]), shape: shape)))
    }
}
