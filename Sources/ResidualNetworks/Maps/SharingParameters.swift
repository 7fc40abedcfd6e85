import Kernels
import Tensors

/// A map whose parameters belong to, and are listed by, another map of the same unit.
public struct SharingParameters<Scalar: KernelScalar>: DifferentiableMap {
    public let inner: any DifferentiableMap<Scalar>

    public init(_ inner: any DifferentiableMap<Scalar>) { self.inner = inner }

    public var isLinear: Bool { inner.isLinear }
    public func outputShape(for input: Shape) -> Shape { inner.outputShape(for: input) }
    public func keptElements(for input: Shape) -> Int { inner.keptElements(for: input) }
    public func multiplyAdds(for input: Shape) -> Int { inner.multiplyAdds(for: input) }
    public func linearize(_ x: Tensor<Scalar>, in pass: ForwardPass) throws -> Linearized<Scalar> {
        try inner.linearize(x, in: pass)
    }
}
