import Kernels
import Tensors

/// Another source's parameters, those of the named ones scaled.
public struct ScaledParameters: ParameterSource {
    public let base: any ParameterSource
    public let factor: Double
    /// Which names are scaled.
    public let isScaled: @Sendable (String) -> Bool

    public init(
        _ base: any ParameterSource, factor: Double, where isScaled: @escaping @Sendable (String) -> Bool
    ) {
        self.base = base
        self.factor = factor
        self.isScaled = isScaled
    }

    public func values<Scalar: KernelScalar>(
        name: String, dimensions: [Int], role: ParameterRole
    ) throws -> Tensor<Scalar> {
        let values: Tensor<Scalar> = try base.values(name: name, dimensions: dimensions, role: role)
        return isScaled(name) ? values.map { Scalar(factor * Double($0)) } : values
    }
}
