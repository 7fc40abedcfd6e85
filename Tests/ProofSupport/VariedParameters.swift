import Foundation
import Kernels
import NumericalMethods
import ResidualNetworks
import Tensors

/// He initialisation with every weight layer scaled by 10^u, u uniform on ±`decades`, and with random γ (of
/// either sign) and β, so that no batch normalisation is trivial.
public struct VariedParameters: ParameterSource {
    public let seed: UInt64
    public let decades: Double

    public init(seed: UInt64, decades: Double) {
        self.seed = seed
        self.decades = decades
    }

    public func values<Scalar: KernelScalar>(
        name: String, dimensions: [Int], role: ParameterRole
    ) -> Tensor<Scalar> {
        var stream = RandomStream(seed: seed, name: "varied." + name)
        let values: Tensor<Scalar> = HeInitialization(seed: seed).values(
            name: name, dimensions: dimensions, role: role)
        switch role {
        case .weight:
            let scale = decades == 0 ? 1 : pow(10, stream.uniform(in: (-decades)..<decades))
            return values.map { Scalar(scale * Double($0)) }
        case .normalizationScale:
            return values.map { _ in
                let size = stream.uniform(in: 0.5..<1.5)
                return Scalar(stream.integer(below: 4) == 0 ? -size : size)
            }
        case .normalizationShift: return values.map { _ in Scalar(stream.uniform(in: -0.5..<0.5)) }
        case .constant, .classifierWeight, .classifierBias: return values
        }
    }
}
