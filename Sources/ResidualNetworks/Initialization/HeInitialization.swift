import Kernels
import NumericalMethods
import Tensors

/// He initialisation (He et al. 2015): weights N(0, 2/fan-out), classifier N(0, 1/fan-in), γ = 1, biases 0 except
/// those of gates, unless another convention is asked for. Every parameter has its own random stream, named after it.
public struct HeInitialization: ParameterSource {
    /// Which of a filter's connections its variance counts.
    public enum Fan: String, Sendable, Codable, CaseIterable {
        /// k²·outputs, which keeps the size of the gradient: the paper's.
        case out = "fan-out"
        /// k²·inputs, which keeps the size of the signal.
        case `in` = "fan-in"
    }

    /// How the classifier starts.
    public enum Classifier: String, Sendable, Codable, CaseIterable {
        /// N(0, 1/fan-in), bias 0.
        case normal
        /// U(±1/√fan-in), Torch's default, with the bias 0 that its public codes set.
        case uniform
    }

    public let seed: UInt64
    public let fan: Fan
    public let classifier: Classifier

    public init(seed: UInt64, fan: Fan = .out, classifier: Classifier = .normal) {
        self.seed = seed
        self.fan = fan
        self.classifier = classifier
    }

    public func values<Scalar: KernelScalar>(
        name: String, dimensions: [Int], role: ParameterRole
    ) -> Tensor<Scalar> {
        let shape = Shape(dimensions.reduce(1, *), 1)
        switch role {
        case .weight:
            let connections = fan == .out ? fanOut(dimensions) : fanIn(dimensions)
            return normals(name, shape, variance: 2 / Double(connections))
        case .classifierWeight where classifier == .uniform:
            return uniform(name, shape, bound: 1 / Double(fanIn(dimensions)).squareRoot())
        case .classifierWeight: return normals(name, shape, variance: 1 / Double(fanIn(dimensions)))
        case .normalizationScale: return constant(1, shape)
        case .normalizationShift, .classifierBias: return constant(0, shape)
        case .constant(let start): return constant(start, shape)
        }
    }

    private func fanOut(_ dimensions: [Int]) -> Int { dimensions[0] * dimensions[2...].reduce(1, *) }
    private func fanIn(_ dimensions: [Int]) -> Int { dimensions[1...].reduce(1, *) }

    private func normals<Scalar: KernelScalar>(_ name: String, _ shape: Shape, variance: Double) -> Tensor<
        Scalar
    > {
        var stream = RandomStream(seed: seed, name: name)
        var values = Tensor<Scalar>(uninitialized: shape)
        values.withUnsafeMutableBufferPointer {
            stream.fillNormals($0, standardDeviation: variance.squareRoot())
        }
        return values
    }

    private func uniform<Scalar: KernelScalar>(
        _ name: String, _ shape: Shape, bound: Double
    ) -> Tensor<Scalar> {
        var stream = RandomStream(seed: seed, name: name)
        return Tensor((0..<shape.count).map { _ in Scalar(bound * (2 * stream.uniform() - 1)) }, shape: shape)
    }

    private func constant<Scalar: KernelScalar>(_ value: Double, _ shape: Shape) -> Tensor<Scalar> {
        Tensor(Array(repeating: Scalar(value), count: shape.count), shape: shape)
    }
}
