import Foundation
import Kernels
import Operators
import Tensors
import Testing

/// What is large or small, and whose squares single precision does not hold, is measured as in double precision.
struct RangeTests {
    private static let shape = Shape(axes: [2, 2, 5])
    private static let numbers = (0..<20).map { sin(Double($0 * $0) + 1) + 0.1 }

    @Test(
        "Reductions, norms and products of numbers of every size", arguments: [1e-30, 1e-22, 1.0, 1e22, 1e30])
    func sizes(size: Double) throws {
        for operation in [
            Standardization(over: .trailingAxes(from: 1)), Standardization(over: .channels(groups: 1)),
            Standardization(over: .trailingAxes(from: -1), subtractsMean: false), ReduceL2(ReducedAxes([-1])),
            ReduceSum(ReducedAxes([0]), isMean: true), ReduceMax(.space), Softmax(), Max(), Add.mean,
            Resize(to: .scales([1.6]), axes: [2], mode: .linear), Reshape.flatten(),
            try Einsum("bij->bi"), Swish(), Celu(),
        ] as [any Operator] {
            let (single, double) = (
                try derivative(of: operation, size, Float.self),
                try derivative(of: operation, size, Double.self)
            )
            // Some tens of roundings of 6e−8.
            #expect(distance(single.value, double.value) < 1e-5, "\(operation.name)")
            #expect(distance(single.pulled, double.pulled) < 1e-5, "\(operation.name)")
        }
    }

    private func derivative<Scalar: KernelScalar>(
        of operation: any Operator, _ size: Double, _ type: Scalar.Type
    ) throws -> (value: [Double], pulled: [Double]) {
        // Rounded to single precision in both, so that arithmetic alone is compared.
        let x = Value<Scalar>(
            Tensor(rounding: Self.numbers.map { Double(Float(size * $0)) }, shape: Self.shape))
        let evaluation = try operation.value(of: [x])
        let y = try evaluation.value.tensor
        let c = Tensor<Scalar>(rounding: (0..<y.shape.count).map { cos(Double($0)) }, shape: y.shape)
        let point = Point(
            shapes: [Self.shape], resultShape: y.shape, operands: [0: x], result: evaluation.value,
            residue: evaluation.residue)
        return (y.doubles, try operation.vjp(c, to: 0, at: point).plain.doubles)
    }
}
