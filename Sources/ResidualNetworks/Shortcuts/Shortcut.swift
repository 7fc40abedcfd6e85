import Graphs
import Kernels
import Tensors

/// h of Eqn. 1: what a unit passes on beside its residual branch.
public protocol Shortcut<Scalar>: DifferentiableMap {
    /// How it enters the shortcut product; `.undefined` by default.
    var factor: ShortcutFactor { get }
}

extension Shortcut {
    public var factor: ShortcutFactor { .undefined }
    /// Whether h is λ times an identity or size-matching map.
    public var isExactScaling: Bool { if case .exact = factor { true } else { false } }
}

/// Any differentiable map as h, with its factor in the shortcut product.
public struct MapShortcut<Scalar: KernelScalar>: Shortcut {
    public let map: any DifferentiableMap<Scalar>
    public let factor: ShortcutFactor

    public init(_ map: any DifferentiableMap<Scalar>, factor: ShortcutFactor = .undefined) {
        self.map = map
        self.factor = factor
    }

    public func linearize(_ x: Tensor<Scalar>, in pass: ForwardPass) throws -> Linearized<Scalar> {
        try map.linearize(x, in: pass)
    }
    public func outputShape(for input: Shape) -> Shape { map.outputShape(for: input) }
    public var parameters: [Parameter<Scalar>] { map.parameters }
    public func normalizations(for input: Shape) -> [NormalizationSite] { map.normalizations(for: input) }
    public var isLinear: Bool { map.isLinear }
    public func keptElements(for input: Shape) -> Int { map.keptElements(for: input) }
    public func multiplyAdds(for input: Shape) -> Int { map.multiplyAdds(for: input) }
}
