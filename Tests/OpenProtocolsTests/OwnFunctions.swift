import Foundation
import Kernels
import ResidualNetworks
import Tensors

// A shortcut and an after-addition function that the package does not know: h(x) = x/(1 + |x|), f = tanh.

struct SoftsignShortcut: ShortcutDesign {
    let name = "softsign"
    func paths<Scalar: KernelScalar>(
        at site: UnitSite<Scalar>, branch: any DifferentiableMap<Scalar>
    ) -> UnitPaths<Scalar> {
        UnitPaths(shortcut: MapShortcut(Sequential([site.matching, Softsign()])), branch: branch)
    }
}

struct Softsign<Scalar: KernelScalar>: DifferentiableMap {
    func linearize(_ x: Tensor<Scalar>, in pass: ForwardPass) -> Linearized<Scalar> {
        let slope = x.map { 1 / ((1 + abs($0)) * (1 + abs($0))) }
        return Linearized(
            value: x.map { $0 / (1 + abs($0)) }, derivative: DiagonalLinearization(diagonal: slope))
    }
}

struct TanhAfterAddition: AfterAdditionDesign {
    func afterAddition<Scalar: KernelScalar>(at site: UnitSite<Scalar>) -> any AfterAddition<Scalar> { Tanh() }
}

struct Tanh<Scalar: KernelScalar>: AfterAddition {
    func linearize(_ y: Tensor<Scalar>, in pass: ForwardPass) -> Linearized<Scalar> {
        let value = y.map { Scalar(tanh(Double($0))) }
        return Linearized(value: value, derivative: DiagonalLinearization(diagonal: value.map { 1 - $0 * $0 }))
    }
}
