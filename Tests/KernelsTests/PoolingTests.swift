import Tensors
import Testing

@testable import Kernels

/// Pooling over windows of all kinds in single precision against double precision.
@Suite("Pooling")
struct PoolingTests {
    private typealias Axis = ConvolutionWindow.Axis

    /// One, two and three axes, dilated, unevenly padded, windows that reach out at either end, and one over everything.
    static let cases: [(Shape, ConvolutionWindow)] = [
        (
            Shape(axes: [2, 3, 11]),
            ConvolutionWindow([Axis(kernel: 4, stride: 3, dilation: 2, before: 1, after: 3)])
        ),
        (
            Shape(axes: [2, 19, 7, 6]),
            ConvolutionWindow([Axis(kernel: 3, stride: 2, before: 1, after: 1), Axis(kernel: 2, after: 1)])
        ),
        (
            Shape(axes: [1, 8, 6, 9]),
            ConvolutionWindow([
                Axis(kernel: 2, dilation: 3, before: 2), Axis(kernel: 3, stride: 2, dilation: 2, before: 3),
            ])
        ),
        (
            Shape(axes: [2, 5, 4, 3, 5]),
            ConvolutionWindow([
                Axis(kernel: 2, stride: 2), Axis(kernel: 3, before: 1, after: 1), Axis(kernel: 2, before: 1),
            ])
        ),
        (Shape(axes: [3, 17, 20, 20]), ConvolutionWindow([Axis(kernel: 20), Axis(kernel: 20)])),
    ]

    @Test("Value and both derivatives agree with double precision", arguments: cases, [1, 8, 16])
    func agreement(_ example: (Shape, ConvolutionWindow), block: Int) {
        let (input, window) = example
        // Multiples of 1/8: ties in many windows.
        let x = Tensor<Float>.random(input, block: block, seed: 31).map { ($0 * 8).rounded() / 8 }
        let output = window.pooled(input)
        let (c, t) = (Tensor<Float>.random(output, seed: 32), Tensor<Float>.random(input, seed: 33))
        let (wideX, wideC, wideT) = (
            x.converted(to: Double.self), c.converted(to: Double.self), t.converted(to: Double.self)
        )

        let (pooled, choice) = Float.kernels.maxPool(x, window)
        let (expected, expectedChoice) = Double.kernels.maxPool(wideX, window)
        expectClose(pooled, expected.elements, tolerance: 0)
        expectClose(
            Float.kernels.maxPoolPullback(c, choice),
            Double.kernels.maxPoolPullback(wideC, expectedChoice).elements, tolerance: elementTolerance)
        expectClose(
            Float.kernels.maxPoolPushforward(t, choice),
            Double.kernels.maxPoolPushforward(wideT, expectedChoice).elements, tolerance: 0)

        let divisors = (0..<output.area).map { Double($0 + 1) }
        expectClose(
            Float.kernels.averagePool(x, window, divisors: divisors),
            Double.kernels.averagePool(wideX, window, divisors: divisors).elements, tolerance: sumTolerance)
        let pulled = Float.kernels.averagePoolPullback(c, to: input, window, divisors: divisors)
        expectClose(
            pulled,
            Double.kernels.averagePoolPullback(wideC, to: input, window, divisors: divisors).elements,
            tolerance: sumTolerance)
        expectAdjoint(
            Float.kernels.averagePool(t, window, divisors: divisors), c, t, pulled, tolerance: sumTolerance)
    }
}
