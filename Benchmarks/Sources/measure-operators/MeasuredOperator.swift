import Kernels
import Machine
import Operators
import Tensors

/// An operator with the shapes of its operands, as `pytorch/peer_operators.py` has it under the same name.
struct MeasuredOperator {
    let name: String
    let operation: any Operator
    let operands: [[Int]]

    static let all = [
        MeasuredOperator("conv 3×3, 64 → 64, 32 × 64 × 32²", conv(3), [[32, 64, 32, 32], [64, 64, 3, 3]]),
        MeasuredOperator(
            "conv 7×7 depthwise, 32 × 64 × 32²", conv(7, groups: 64), [[32, 64, 32, 32], [64, 1, 7, 7]]),
        MeasuredOperator("conv 1×1, 64 → 64, 32 × 64 × 32²", conv(1), [[32, 64, 32, 32], [64, 64, 1, 1]]),
        MeasuredOperator(
            "matmul, 8 × 12 × (197 × 64 · 64 × 197)", MatMul(), [[8, 12, 197, 64], [8, 12, 64, 197]]),
        MeasuredOperator("matmul, 8 × (197 × 768 · 768 × 768)", MatMul(), [[8, 197, 768], [768, 768]]),
        MeasuredOperator("softmax, 8 × 12 × 197 × 197", Softmax(), [[8, 12, 197, 197]]),
        MeasuredOperator(
            "layer norm, 8 × 197 × 768", Standardization(over: .trailingAxes(from: -1)), [[8, 197, 768]]),
        MeasuredOperator("max pool 3×3, stride 2, 32 × 64 × 32²", MaxPool(pooling), [[32, 64, 32, 32]]),
        MeasuredOperator(
            "average pool 3×3, stride 2, 32 × 64 × 32²", AveragePool(pooling, countsPadding: true),
            [[32, 64, 32, 32]]),
        MeasuredOperator(
            "transpose of heads, 8 × 197 × 12 × 64", Transpose(order: [0, 2, 1, 3]), [[8, 197, 12, 64]]),
    ]

    private static let pooling = square(kernel: 3, stride: 2, padding: 1)

    private static func conv(_ kernel: Int, groups: Int = 1) -> Conv {
        Conv(square(kernel: kernel, stride: 1, padding: kernel / 2), groups: groups)
    }

    private static func square(kernel: Int, stride: Int, padding: Int) -> ConvolutionWindow {
        ConvolutionWindow(
            [0, 1].map { _ in .init(kernel: kernel, stride: stride, before: padding, after: padding) })
    }

    init(_ name: String, _ operation: any Operator, _ operands: [[Int]]) {
        (self.name, self.operation, self.operands) = (name, operation, operands)
    }

    /// Of the value, and of the derivatives to all operands together.
    func seconds(repetitions: Int) throws -> [String: Double] {
        var values = operands.map { Value(Self.numbers(Shape(axes: $0))) }
        // As an operator before leaves it.
        if operation is Conv || operation is MaxPool || operation is AveragePool {
            values[0] = try MaxPool(Self.square(kernel: 1, stride: 1, padding: 0)).value(of: [values[0]])
                .value
        }
        let found = try operation.value(of: values)
        let cotangent = try found.value.tensor
        var (forward, backward) = (Seconds(), Seconds())
        for _ in 0..<repetitions {
            _ = try forward.time { try operation.value(of: values) }
            try backward.time {
                for slot in values.indices {
                    let reads = operation.reads(for: slot)
                    let point = Point<Float>(
                        shapes: values.map(\.shape), resultShape: cotangent.shape,
                        operands: values.indices.map { reads.operands.contains($0) ? values[$0] : nil },
                        result: found.value, residue: found.residue)
                    _ = try operation.vjp(cotangent, to: slot, at: point)
                }
            }
        }
        return ["value": forward.median ?? .infinity, "derivatives": backward.median ?? .infinity]
    }

    /// Of moderate size and either sign; what they are does not matter.
    private static func numbers(_ shape: Shape) -> Tensor<Float> {
        Tensor((0..<shape.count).map { Float(($0 * 7919) % 1009) / 1009 - 0.5 }, shape: shape)
    }
}
