import Kernels
import Tensors

/// Weights that have a shape and no elements: enough to ask a network what it would compute.
public struct ShapesAlone: ParameterSource {
    public init() {}

    public func values<Scalar: KernelScalar>(
        name: String, dimensions: [Int], role: ParameterRole
    ) -> Tensor<Scalar> { Tensor(withoutElements: Shape(dimensions.reduce(1, *), 1)) }
}
