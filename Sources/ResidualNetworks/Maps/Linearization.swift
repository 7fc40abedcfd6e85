import Kernels
import Tensors

/// The derivative of a map at a point: a linear map applied in both directions.
public protocol Linearization<Scalar>: Sendable {
    associatedtype Scalar: KernelScalar

    /// Vector-Jacobian product: pulls a cotangent of the value back to one of the input, in the cotangent's memory
    /// where the map allows that and nobody else holds it.
    func vjp(_ cotangent: consuming Tensor<Scalar>) throws -> Tensor<Scalar>
    /// `vjp` that also adds the cotangent's pull-back to the map's parameters; without parameters, `vjp` alone.
    /// Needs a linearization made in a pass that keeps what parameters were applied to.
    func vjp(
        _ cotangent: consuming Tensor<Scalar>, accumulating gradients: inout ParameterGradients<Scalar>
    ) throws -> Tensor<Scalar>
    /// `vjp` to all, of a cotangent that may have a normalisation still to pass, to one that may have one, but has no
    /// addend.
    func pullBack(
        _ cotangent: consuming LayerCotangent<Scalar>,
        accumulating gradients: inout ParameterGradients<Scalar>
    ) throws -> LayerCotangent<Scalar>
    /// `pullBack` for a value whose cotangent is asked for on another path too: also the cotangent as a plain tensor.
    func pullBackResolving(
        _ cotangent: consuming LayerCotangent<Scalar>,
        accumulating gradients: inout ParameterGradients<Scalar>
    ) throws -> (cotangent: Tensor<Scalar>, input: LayerCotangent<Scalar>)
    /// Adds the cotangent's pull-back to the map's parameters alone, where nobody asks for that to its input.
    func pullBackToParameters(
        _ cotangent: Tensor<Scalar>, accumulating gradients: inout ParameterGradients<Scalar>
    ) throws
    /// Jacobian-vector product: pushes a tangent of the input forward to one of the value.
    func jvp(_ tangent: Tensor<Scalar>) throws -> Tensor<Scalar>
    /// The number c if the derivative is c times the identity, which then costs nothing to apply; `nil` by
    /// default.
    var scalarMultiple: Double? { get }
    /// Whether the map itself is linear, so that `jvp` of a point is the value there; false by default.
    var isOfLinearMap: Bool { get }
    /// Whether `value()` has an answer; false by default.
    var canRepeatValue: Bool { get }
    /// The map's value made again from what is kept here, bit for bit; `nil` where `canRepeatValue` is false.
    func value() throws -> Tensor<Scalar>?
    /// The value plus an addend, bit for bit as the map's `linearize(_:adding:in:)` made it.
    func value(adding addend: Addend<Scalar>) throws -> Tensor<Scalar>?
    /// `vjp` for a cotangent with a carried scale.
    func pullBack(_ cotangent: ScaledTensor<Scalar>) throws -> ScaledTensor<Scalar>
    /// `jvp` for a tangent with a carried scale.
    func pushForward(_ tangent: ScaledTensor<Scalar>) throws -> ScaledTensor<Scalar>
}

extension Linearization {
    public var scalarMultiple: Double? { nil }
    public var isOfLinearMap: Bool { false }
    public var canRepeatValue: Bool { false }
    public func value() throws -> Tensor<Scalar>? { nil }

    public func vjp(
        _ cotangent: consuming Tensor<Scalar>, accumulating gradients: inout ParameterGradients<Scalar>
    ) throws -> Tensor<Scalar> { try vjp(cotangent) }

    public func pullBack(
        _ cotangent: consuming LayerCotangent<Scalar>,
        accumulating gradients: inout ParameterGradients<Scalar>
    ) throws -> LayerCotangent<Scalar> {
        LayerCotangent(
            try vjp(Scalar.kernels.resolve(cotangent), accumulating: &gradients))
    }

    public func pullBackResolving(
        _ cotangent: consuming LayerCotangent<Scalar>,
        accumulating gradients: inout ParameterGradients<Scalar>
    ) throws -> (cotangent: Tensor<Scalar>, input: LayerCotangent<Scalar>) {
        let resolved = Scalar.kernels.resolve(cotangent)
        return (resolved, try pullBack(LayerCotangent(resolved), accumulating: &gradients))
    }

    public func value(adding addend: Addend<Scalar>) throws -> Tensor<Scalar>? {
        guard let value = try value() else { return nil }
        return Scalar.kernels.combine(value, 1, addend.tensor, addend.factor)
    }

    public func pullBackToParameters(
        _ cotangent: Tensor<Scalar>, accumulating gradients: inout ParameterGradients<Scalar>
    ) throws { _ = try vjp(cotangent, accumulating: &gradients) }

    /// `vjp` for a cotangent with a carried scale; the gradients are those of the tensor under the scale.
    public func pullBack(
        _ cotangent: ScaledTensor<Scalar>, accumulating gradients: inout ParameterGradients<Scalar>
    ) throws -> ScaledTensor<Scalar> {
        if let scalarMultiple { return cotangent.scaled(by: scalarMultiple) }
        return cotangent.replacing(tensor: try vjp(cotangent.tensor, accumulating: &gradients))
    }

    public func pullBack(_ cotangent: ScaledTensor<Scalar>) throws -> ScaledTensor<Scalar> {
        if let scalarMultiple { return cotangent.scaled(by: scalarMultiple) }
        return cotangent.replacing(tensor: try vjp(cotangent.tensor))
    }

    public func pushForward(_ tangent: ScaledTensor<Scalar>) throws -> ScaledTensor<Scalar> {
        if let scalarMultiple { return tangent.scaled(by: scalarMultiple) }
        return tangent.replacing(tensor: try jvp(tangent.tensor))
    }
}

/// A value with the derivative at the point it was computed from.
public struct Linearized<Scalar: KernelScalar>: Sendable {
    /// Kept as scale × tensor, so that λx needs no copy of x.
    public var value: ScaledTensor<Scalar>
    public var derivative: any Linearization<Scalar>

    public init(value: ScaledTensor<Scalar>, derivative: any Linearization<Scalar>) {
        self.value = value
        self.derivative = derivative
    }

    public init(value: Tensor<Scalar>, derivative: any Linearization<Scalar>) {
        self.init(value: ScaledTensor(value), derivative: derivative)
    }

    /// The value as a plain tensor.
    public var tensor: Tensor<Scalar> { value.plain }
}

/// c times the identity.
public struct ScalarLinearization<Scalar: KernelScalar>: Linearization {
    public let scalarMultiple: Double?
    private let multiple: Double

    public init(_ multiple: Double) {
        self.multiple = multiple
        scalarMultiple = multiple
    }

    public var isOfLinearMap: Bool { true }

    public func vjp(_ cotangent: Tensor<Scalar>) -> Tensor<Scalar> {
        Scalar.kernels.scale(cotangent, by: multiple)
    }
    public func jvp(_ tangent: Tensor<Scalar>) -> Tensor<Scalar> {
        Scalar.kernels.scale(tangent, by: multiple)
    }
}

extension Addend {
    /// A tensor with a carried scale.
    public init(_ scaled: ScaledTensor<Scalar>) {
        self.init(scaled.tensor, factor: scaled.coefficient(relativeTo: 0))
    }
}
