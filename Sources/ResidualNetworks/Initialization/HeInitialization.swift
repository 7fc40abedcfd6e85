import Kernels
import NumericalMethods
import Tensors

/// He initialisation (He et al. 2015) by fan-out: weights N(0, 2/fan-out), classifier N(0, 1/fan-in), γ = 1,
/// biases 0 except those of gates. Every parameter has its own random stream, named after it.
public struct HeInitialization: ParameterSource {
    public let seed: UInt64

    public init(seed: UInt64) { self.seed = seed }

    public func values<Scalar: KernelScalar>(
        name: String, dimensions: [Int], role: ParameterRole
    ) -> Tensor<Scalar> {
        let shape = Shape(dimensions.reduce(1, *), 1)
        switch role {
        case .weight: return normals(name, shape, variance: 2 / Double(fanOut(dimensions)))
        case .classifierWeight: return normals(name, shape, variance: 1 / Double(fanIn(dimensions)))
        case .normalizationScale: return constant(1, shape)
        case .normalizationShift, .classifierBias: return constant(0, shape)
        case .gateBias(let bias): return constant(bias, shape)
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

    private func constant<Scalar: KernelScalar>(_ value: Double, _ shape: Shape) -> Tensor<Scalar> {
        Tensor(Array(repeating: Scalar(value), count: shape.count), shape: shape)
    }
}
