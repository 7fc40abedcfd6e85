import Foundation
import Kernels
import ResidualNetworks
import Tensors

/// The parameters, inputs and masks of the fixtures: numbers made by a formula (Tests/Fixtures/README.md).
public struct FormulaParameters: ParameterSource, MaskSource {
    public static func uniform(_ name: String, count: Int) -> [Double] {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return (0..<count).map { index in
            var z = hash &+ UInt64(index + 1) &* 0x9E37_79B9_7F4A_7C15
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            z ^= z >> 31
            return Double(z >> 11) * 0x1p-53
        }
    }

    public static func spread(_ name: String, count: Int, center: Double, width: Double) -> [Double] {
        uniform(name, count: count).map { center + width * (2 * $0 - 1) }
    }

    public init() {}

    public func values<Scalar: KernelScalar>(
        name: String, dimensions: [Int], role: ParameterRole
    ) -> Tensor<Scalar> {
        let count = dimensions.reduce(1, *)
        let (center, width): (Double, Double) =
            switch role {
            case .weight: (0, sqrt(6 / Double(dimensions[0] * dimensions[2] * dimensions[3])))
            case .normalizationScale: (1, 0.3)
            case .normalizationShift: (0, 0.3)
            case .constant(let bias): (bias, 0)
            case .classifierWeight: (0, sqrt(3 / Double(dimensions[1])))
            case .classifierBias: (0, 0.1)
            }
        return Tensor(
            Self.spread(name, count: count, center: center, width: width).map { Scalar($0) },
            shape: Shape(count, 1))
    }

    public func mask<Scalar: KernelScalar>(
        named name: String, shape: Shape, dropProbability p: Double
    ) -> Tensor<Scalar> {
        Tensor(
            Self.uniform(name, count: shape.count).map { $0 >= p ? 1 : 0 }, shape: shape)
    }
}
