import Kernels
import Tensors

/// Weights that have a shape and no elements: enough to ask a network what it would hold and compute.
public struct ShapesAlone: ParameterSource {
    public init() {}

    public func values<Scalar: KernelScalar>(
        name: String, dimensions: [Int], role: ParameterRole
    ) -> Tensor<Scalar> {
        let shape = Shape(dimensions.reduce(1, *), 1)
        // A vector of channels is small, and its length is taken from its elements.
        return dimensions.count == 1 ? Tensor(zeros: shape) : Tensor(withoutElements: shape)
    }
}
