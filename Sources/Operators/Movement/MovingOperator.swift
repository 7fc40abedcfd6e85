import Kernels
import Tensors

/// An operation whose value leaves, as its residue, what of the operand in each slot went where (`[Move?]`): known from
/// shapes and indices, or found from the elements as the largest of them are.
///
/// The derivative is the same rearrangement, and its transpose adds every element to where it came from.
public protocol MovingOperator: Operator {
    /// Whether elements that come to one place are added up; by default the last one stays.
    var accumulates: Bool { get }
}

extension MovingOperator {
    public var accumulates: Bool { false }

    public func vjp<Scalar: KernelScalar>(
        _ cotangent: Tensor<Scalar>, to slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        var source = Tensor<Scalar>(zeros: point.shapes[slot])
        Scalar.kernels.addBack(cotangent, by: try move(in: slot, at: point), into: &source)
        return ScaledTensor(source)
    }

    public func jvp<Scalar: KernelScalar>(
        _ tangent: Tensor<Scalar>, from slot: Int, at point: Point<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        var target = Tensor<Scalar>(zeros: point.resultShape)
        bring(tangent, by: try move(in: slot, at: point), into: &target)
        return ScaledTensor(target)
    }

    /// Elements to their places.
    func bring<Scalar: KernelScalar>(
        _ x: Tensor<Scalar>, by move: Move, into target: inout Tensor<Scalar>
    ) {
        if accumulates {
            Scalar.kernels.addBack(x, by: move.reversed, into: &target)
        } else {
            Scalar.kernels.copy(x, by: move, into: &target)
        }
    }

    private func move<Scalar>(in slot: Int, at point: Point<Scalar>) throws -> Move {
        let moves = try point.residue(as: [Move?].self)
        guard slot < moves.count, let move = moves[slot] else {
            throw OperatorError.notDifferentiable(operation: name, slot: slot)
        }
        return move
    }
}
