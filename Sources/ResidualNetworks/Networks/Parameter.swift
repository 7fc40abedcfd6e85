import Kernels
import Tensors

/// A trainable tensor under the name by which it is exported, such as `units.7.branch.conv1.weight`.
public struct Parameter<Scalar: KernelScalar>: Sendable {
    public let name: String
    /// Dimensions as exported: (O, I, k, k) for a filter, (C) for a vector, (classes, features) for the
    /// classifier.
    public let dimensions: [Int]
    public let role: ParameterRole
    public let values: Tensor<Scalar>

    public init(name: String, dimensions: [Int], role: ParameterRole = .weight, values: Tensor<Scalar>) {
        self.name = name
        self.dimensions = dimensions
        self.role = role
        self.values = values
    }

    public var count: Int { dimensions.reduce(1, *) }
}

/// What a parameter is, as far as its initial value and its weight decay go.
public enum ParameterRole: Sendable, Equatable {
    /// A convolution or fully connected layer: N(0, 2/fan-out).
    case weight
    case normalizationScale
    case normalizationShift
    /// Starts at a chosen number: the bias of a gate, a learned number of a formula.
    case constant(Double)
    /// N(0, 1/fan-in).
    case classifierWeight
    case classifierBias
}

/// Where a network's parameters come from: an initialisation, a file, a test's formula.
public protocol ParameterSource: Sendable {
    /// Values in row-major order of `dimensions`.
    func values<Scalar: KernelScalar>(name: String, dimensions: [Int], role: ParameterRole) throws -> Tensor<
        Scalar
    >
}
