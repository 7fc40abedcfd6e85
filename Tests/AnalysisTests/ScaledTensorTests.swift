import Foundation
import Kernels
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

@Suite("Tensors with a carried scale")
struct ScaledTensorTests {
    private let tensor = Tensor<Double>([3, -4, 0], shape: Shape(1, 3))

    @Test(arguments: [1, -1, 0.1, -3, 1e-300, 5e-324, 1.7e308])
    func factorIsNormalised(factor: Double) {
        let scaled = ScaledTensor(tensor, factor: factor, exponent: 7)
        #expect((1..<2).contains(abs(scaled.factor)))
        #expect(scalbn(scaled.factor, scaled.exponent - 7) == factor, "no bit is lost")
    }

    /// 0.1^100000 is far outside every range; each multiplication rounds the factor once.
    @Test func manyMultiplicationsKeepTheSize() throws {
        var scaled = ScaledTensor(tensor)
        for _ in 0..<100_000 { scaled = scaled.scaled(by: 0.1) }
        let log = try #require(scaled.log10Norm(squaredNorm: 25).value)
        // 1e5 roundings of 1.1e−16 that all go one way are 1.1e−11; the log10 itself has 1e5·1.1e−16 = 1.1e−11.
        #expect(abs(log - (log10(5) - 100_000)) < 1e-10)
        for _ in 0..<100_000 { scaled = scaled.scaled(by: 10) }
        #expect(relativeError(scaled.plain, tensor) < 1e-10)
    }

    @Test func zeroStaysZero() {
        let zero = ScaledTensor(tensor).scaled(by: 0)
        #expect(zero.isScaledToZero)
        #expect(zero.scaled(by: 1e300).isScaledToZero)
        #expect(zero.coefficient(relativeTo: -10_000) == 0)
        #expect(zero.log10Norm(squaredNorm: 25) == .zero)
        #expect(ScaledTensor(tensor).log10Norm(squaredNorm: 0) == .zero)
        #expect(ScaledTensor(tensor).log10Norm(squaredNorm: .infinity) == .notFinite)
        #expect(ScaledTensor(tensor).log10Norm(squaredNorm: .nan) == .notFinite)
    }

    @Test func coefficientsLeaveTheRangeOnlyAtItsEnds() {
        let scaled = ScaledTensor(tensor, factor: 1.5, exponent: -1_000_000)
        #expect(scaled.coefficient(relativeTo: -1_000_000) == 1.5)
        #expect(scaled.coefficient(relativeTo: -999_990) == 1.5 / 1024)
        #expect(scaled.coefficient(relativeTo: 0) == 0)
        #expect(scaled.coefficient(relativeTo: -2_000_000) == .infinity)
    }

    @Test func replacingKeepsTheScale() {
        let other = ScaledTensor(tensor, factor: -3, exponent: 5).replacing(tensor: tensor.map { 2 * $0 })
        #expect(other.plain.elements == [-576, 768, 0])
    }
}
