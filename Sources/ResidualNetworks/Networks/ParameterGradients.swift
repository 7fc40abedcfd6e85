import Kernels
import Tensors

/// ∂E/∂θ of named parameters, summed over all places where a parameter is used: a gate's weights enter both the
/// shortcut and the branch.
public struct ParameterGradients<Scalar: KernelScalar>: Sendable {
    /// By the parameter's name; filters are (O, I, k, k), vectors (1, C).
    public private(set) var byName: [String: Tensor<Scalar>] = [:]

    public init() {}

    /// Adds one place's part of a gradient.
    public mutating func add(_ gradient: Tensor<Scalar>, to name: String) {
        // Taken out, so that the sum can be written in its place.
        let sum = byName.removeValue(forKey: name)
        byName[name] = sum.map { Scalar.kernels.combine($0, 1, gradient, 1) } ?? gradient
    }
}
