import Kernels
import Operators
import Tensors

/// An operation at some operands. Derivatives are given what `reads` names, and nothing more.
struct Applied<Scalar: KernelScalar> {
    struct NoCase: Error { let name: String }

    let operation: any Operator
    let operands: [Value<Scalar>]
    /// With its scale, in double precision.
    let value: [Double]
    private let evaluation: Evaluation<Scalar>

    init(_ fixture: OperatorFixture, _ blocking: Blocking? = nil) throws {
        guard let found = OperatorCase.named(fixture.name) else { throw NoCase(name: fixture.name) }
        try self.init(
            found.operation,
            fixture.values(Scalar.self).enumerated().map { slot, value in
                guard let blocking, case .real(let scaled, _) = value else { return value }
                return .real(scaled.replacing(tensor: blocking.blocked(scaled.tensor, in: slot)))
            })
    }

    init(_ operation: any Operator, _ operands: [Value<Scalar>]) throws {
        self.operation = operation
        self.operands = operands
        evaluation = try operation.value(of: operands)
        value = doubles(try evaluation.value.scaled)
    }

    var shapes: [Shape] { operands.map(\.shape) }
    var resultShape: Shape { evaluation.value.shape }

    func value(with operand: Tensor<Scalar>, in slot: Int) throws -> [Double] {
        var operands = operands
        operands[slot] = Value(operand)
        return doubles(try operation.value(of: operands).value.scaled)
    }

    func vjp(_ cotangent: Tensor<Scalar>, to slot: Int) throws -> [Double] {
        doubles(try operation.vjp(cotangent, to: slot, at: point(for: slot)))
    }

    func jvp(_ tangent: Tensor<Scalar>, from slot: Int) throws -> [Double] {
        doubles(try operation.jvp(tangent, from: slot, at: point(for: slot)))
    }

    private func point(for slot: Int) -> Point<Scalar> {
        let reads = operation.reads(for: slot)
        return Point(
            shapes: shapes, resultShape: evaluation.value.shape,
            operands: operands.indices.map { reads.operands.contains($0) ? operands[$0] : nil },
            result: reads.result ? evaluation.value : nil, residue: evaluation.residue)
    }
}

/// The numbers with their scale, which may be less than the type's smallest.
private func doubles<Scalar: KernelScalar>(_ scaled: ScaledTensor<Scalar>) -> [Double] {
    scaled.tensor.doubles.map { $0 * scaled.coefficient(relativeTo: 0) }
}
