import Foundation
import Kernels
import NumericalMethods
import ResidualNetworks

/// h_l(x) = λ_l·A(x) with a λ of its own for every unit: random sign, size over four decades.
public struct PerUnitScaling: ShortcutDesign {
    public let seed: UInt64
    public var name: String { "per-unit-scale" }

    public init(seed: UInt64) { self.seed = seed }

    /// λ_l.
    public func lambda(ofUnit index: Int) -> Double {
        var stream = RandomStream(seed: seed, name: "lambda.\(index)")
        let size = pow(10, stream.uniform(in: -2..<2))
        return stream.integer(below: 2) == 0 ? size : -size
    }

    public func paths<Scalar: KernelScalar>(
        at site: UnitSite<Scalar>, branch: any DifferentiableMap<Scalar>
    ) -> UnitPaths<Scalar> {
        let lambda = lambda(ofUnit: site.index)
        return UnitPaths(
            shortcut: MapShortcut(ScaledMap(lambda, site.matching), factor: .exact(lambda)), branch: branch)
    }
}
