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

    @Test(
        "Functions of single elements at the ends of a type's range",
        arguments: [-1e30, -100, -1e-30, 0, 1e-30, 100, 1e30])
    func ends(x: Double) throws {
        // As single precision has it: what lies beyond a pole, or is periodic, would differ by the rounding alone.
        let (x, shape) = (Double(Float(x)), Shape(axes: [1]))
        for operation in OperatorCase.elementwise.map(\.operation) {
            let single = try operation.value(of: [Value(Tensor<Float>([Float(x)], shape: shape))])
            let double = try operation.value(of: [Value(Tensor<Double>([x], shape: shape))])
            let (a, b) = (Double(try single.value.tensor.elements[0]), try double.value.tensor.elements[0])
            // Logarithms and roots of what is below 0, and what the type cannot hold.
            guard b.isFinite, abs(b) < Double(Float.greatestFiniteMagnitude) else { continue }
            // A rounding of the result; what is less than the type's smallest number may be 0.
            #expect(abs(a - b) <= 1e-7 * abs(b) + 1e-37, "\(operation.name)")
            let point = Point<Double>(
                shapes: [shape], resultShape: shape, operands: [Value(Tensor([x], shape: shape))],
                result: double.value)
            let slope = try operation.vjp(Tensor([1], shape: shape), to: 0, at: point).plain.elements[0]
            #expect(slope.isFinite || x == 0 && operation is Sqrt, "\(operation.name)")
        }
    }

    private func derivative<Scalar: KernelScalar>(
        of operation: any Operator, _ size: Double, _ type: Scalar.Type
    ) throws -> (value: [Double], pulled: [Double]) {
        // Rounded to single precision in both, so that arithmetic alone is compared.
        let x = Value<Scalar>(
            Tensor(rounding: Self.numbers.map { Double(Float(size * $0)) }, shape: Self.shape))
        let at = try Applied(operation, [x])
        let c = (0..<at.resultShape.count).map { cos(Double($0)) }
        return (at.value, try at.vjp(Tensor(rounding: c, shape: at.resultShape), to: 0))
    }
}
