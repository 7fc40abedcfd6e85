import Kernels
import Tensors

/// The units that a forward pass went through, kept for the way back.
///
/// Where it economises, every second x_l is let go of if the unit below can make it again: x_l is the largest
/// tensor of a bottleneck unit, and h(x_{l−1}) + F(x_{l−1}) costs the branch's last convolution.
public struct UnitTape<Scalar: KernelScalar>: Sendable {
    /// What is kept of a unit.
    private struct Entry: Sendable {
        let derivatives: UnitDerivatives<Scalar>
        /// x_l.
        let input: TensorReference<Scalar>
        /// Whether x_l stays in memory.
        let keepsInput: Bool
        let canRepeatOutput: Bool

        /// x_{l+1} = h(x_l) + F(x_l), by the operations of the forward pass.
        func output() throws -> Tensor<Scalar>? {
            guard let x = input.tensor else { return nil }
            let h = try derivatives.shortcut.pushForward(ScaledTensor(x))
            return try derivatives.branch.value(adding: Addend(h))
        }
    }

    private var entries: [Entry] = []
    private let economises: Bool

    /// - Parameter economises: whether every second x_l is made again rather than kept.
    public init(economises: Bool = true) { self.economises = economises }

    /// Units on the tape.
    public var count: Int { entries.count }

    /// Passes x_l through the next unit.
    public mutating func linearize(
        _ unit: ResidualUnit<Scalar>, at x: Tensor<Scalar>, in pass: ForwardPass
    ) throws -> LinearizedUnit<Scalar> {
        let input = TensorReference(x)
        pass.begin(unitInput: input)
        let linearized = try unit.linearize(x, in: pass)
        append(linearized.derivatives, of: unit, input: input)
        return linearized
    }

    /// Passes x_l through the next unit and gives x_{l+1} alone, in the memory of F(x_l) where that is possible.
    public mutating func advance(
        _ unit: ResidualUnit<Scalar>, at x: Tensor<Scalar>, in pass: ForwardPass
    ) throws -> Tensor<Scalar> {
        let input = TensorReference(x)
        pass.begin(unitInput: input)
        let (output, derivatives) = try unit.advance(x, in: pass)
        append(derivatives, of: unit, input: input)
        return output
    }

    private mutating func append(
        _ derivatives: UnitDerivatives<Scalar>, of unit: ResidualUnit<Scalar>, input: TensorReference<Scalar>
    ) {
        let letsGo = economises && entries.last.map { $0.keepsInput && $0.canRepeatOutput } == true
        if letsGo { input.release() }
        entries.append(
            Entry(
                derivatives: derivatives, input: input, keepsInput: !letsGo,
                canRepeatOutput: unit.canRepeatOutput && derivatives.branch.canRepeatValue))
    }

    /// H_l, J_l, D_l of a unit; x_l is made again where it was let go of, and lives as long as what is returned.
    public func derivatives(of unit: Int) throws -> UnitDerivatives<Scalar> {
        let entry = entries[unit]
        guard entry.input.tensor == nil, unit > 0 else { return entry.derivatives }
        guard let x = try entries[unit - 1].output() else { throw NetworkError.inputReleased }
        entry.input.point(at: x)
        return entry.derivatives.owning(x)
    }

    /// x_l, made again where it was let go of.
    public func input(of unit: Int) throws -> Tensor<Scalar> {
        let derivatives = try derivatives(of: unit)
        guard let x = entries[unit].input.tensor else { throw NetworkError.inputReleased }
        return withExtendedLifetime(derivatives) { x }
    }

    /// Takes the last unit off the tape, and with it what was kept of it.
    public mutating func popLast() throws -> UnitDerivatives<Scalar>? {
        guard !entries.isEmpty else { return nil }
        let last = try derivatives(of: entries.count - 1)
        entries.removeLast()
        return last
    }
}
