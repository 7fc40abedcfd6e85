import Kernels
import Tensors

/// A differentiable function of a batch of feature maps: h, F̂ and f of Eqn. 1 and 2 are values of this kind.
///
/// To add one, write `linearize`: compute the value and return it with a `Linearization`, the derivative at
/// this point in both directions.
public protocol DifferentiableMap<Scalar>: Sendable {
    associatedtype Scalar: KernelScalar

    /// The value at x together with the derivative there.
    func linearize(_ x: Tensor<Scalar>, in pass: ForwardPass) throws -> Linearized<Scalar>

    /// The value plus an addend, with the derivative of the value alone; for those who ask for no other value.
    func linearize(
        _ x: Tensor<Scalar>, adding addend: Addend<Scalar>, in pass: ForwardPass
    ) throws -> (sum: Tensor<Scalar>, derivative: any Linearization<Scalar>)

    /// Shape of the value for an input shape; the same by default.
    func outputShape(for input: Shape) -> Shape
    /// Trainable parameters, in the order of computation; none by default.
    var parameters: [Parameter<Scalar>] { get }
    /// The batch normalisations whose statistics it uses, in the order of computation; none by default.
    func normalizations(for input: Shape) -> [NormalizationSite]
    /// Whether it is a linear function of x (for a fixed dropout mask); false by default.
    var isLinear: Bool { get }
    /// Whether a linearization can make the value again cheaply (`Linearization.value`); false by default.
    var canRepeatValue: Bool { get }
    /// Elements that the linearization keeps alive, for the memory prediction; 0 by default.
    func keptElements(for input: Shape) -> Int
    /// Multiplications, each with an addition, of its convolutions: those of the value, and as many again for
    /// each pull-back or push-forward; 0 by default.
    func multiplyAdds(for input: Shape) -> Int
}

extension DifferentiableMap {
    public func linearize(
        _ x: Tensor<Scalar>, adding addend: Addend<Scalar>, in pass: ForwardPass
    ) throws -> (sum: Tensor<Scalar>, derivative: any Linearization<Scalar>) {
        let linearized = try linearize(x, in: pass)
        let derivative = linearized.derivative
        return ((consume linearized).value.adding(addend), derivative)
    }

    public func outputShape(for input: Shape) -> Shape { input }
    public var parameters: [Parameter<Scalar>] { [] }
    public func normalizations(for input: Shape) -> [NormalizationSite] { [] }
    public var isLinear: Bool { false }
    public var canRepeatValue: Bool { false }
    public func keptElements(for input: Shape) -> Int { 0 }
    public func multiplyAdds(for input: Shape) -> Int { 0 }
}
