import Tensors
import Testing

@testable import Kernels

/// Max pooling in both sets of kernels against its definition, and against each other.
@Suite("Max pooling")
struct MaxPoolingTests {
    static let windows: [(Shape, PoolingWindow)] = [
        // The stem's, on even and odd extents, one pixel, a line.
        (Shape(2, 16, 8, 8), PoolingWindow(kernel: 3, stride: 2, padding: 1)),
        (Shape(1, 5, 7, 9), PoolingWindow(kernel: 3, stride: 2, padding: 1)),
        (Shape(3, 2, 1, 1), PoolingWindow(kernel: 3, stride: 2, padding: 1)),
        (Shape(2, 19, 1, 6), PoolingWindow(kernel: 3, stride: 2, padding: 1)),
        // Without overlap, without padding, and one that drops the last columns.
        (Shape(2, 17, 6, 6), PoolingWindow(kernel: 2, stride: 2, padding: 0)),
        (Shape(1, 4, 7, 8), PoolingWindow(kernel: 3, stride: 3, padding: 0)),
        (Shape(1, 33, 5, 5), PoolingWindow(kernel: 5, stride: 1, padding: 2)),
        // A window that is larger than the image.
        (Shape(2, 3, 2, 3), PoolingWindow(kernel: 7, stride: 2, padding: 1)),
    ]

    /// The largest element of every window by the definition, with its index.
    private func definition(_ x: [Double], _ s: Shape, _ window: PoolingWindow) -> [(
        value: Double, index: Int
    )] {
        let output = window.output(for: s)
        return (0..<output.count).map { index in
            let plane = index / output.area
            let top = index % output.area / output.width * window.stride - window.padding
            let left = index % output.width * window.stride - window.padding
            var best: (value: Double, index: Int)?
            for row in max(0, top)..<min(s.height, top + window.kernel) {
                for column in max(0, left)..<min(s.width, left + window.kernel) {
                    let place = plane * s.area + row * s.width + column
                    if x[place] > best?.value ?? -.infinity { best = (x[place], place) }
                }
            }
            return best ?? (0, 0)
        }
    }

    @Test(arguments: windows)
    func bothSetsAgreeWithTheDefinition(_ input: Shape, _ window: PoolingWindow) {
        for block in [1, 8, 16] {
            // Multiples of 1/8: ties in most windows.
            let x = Tensor<Float>.random(input, block: block, seed: 1).map { ($0 * 8).rounded() / 8 }
            let output = window.output(for: input)
            let cotangent = Tensor<Float>.random(output, block: block, seed: 2)
            let tangent = Tensor<Float>.random(input, block: block, seed: 3)
            let expected = definition(x.doubles, input, window)
            var back = [Double](repeating: 0, count: input.count)
            for (c, chosen) in zip(cotangent.doubles, expected) { back[chosen.index] += c }

            let (y, choice) = Float.kernels.maxPool(x, window)
            let pulled = Float.kernels.maxPoolPullback(cotangent, choice)
            let pushed = Float.kernels.maxPoolPushforward(tangent, choice)
            #expect(y.shape == output && (block == 1 || y.block == block) && pulled.shape == input)
            expectClose(y, expected.map(\.value), tolerance: 0)
            // At most 9 numbers are added.
            expectClose(pulled, back, tolerance: elementTolerance)
            expectClose(pushed, expected.map { tangent.doubles[$0.index] }, tolerance: 0)
            expectAdjoint(pushed, cotangent, tangent, pulled, tolerance: sumTolerance)

            let reference = Double.kernels.maxPool(x.converted(), window)
            #expect(reference.pooled.elements == expected.map(\.value))
            let referencePulled = Double.kernels.maxPoolPullback(cotangent.converted(), reference.choice)
            expectClose(pulled, referencePulled.elements, tolerance: elementTolerance)
            let referencePushed = Double.kernels.maxPoolPushforward(tangent.converted(), reference.choice)
            #expect(referencePushed.elements == pushed.doubles)
        }
    }

    /// A forward pass that left its range is noticed behind the stem too.
    @Test func keepsWhatIsNotANumber() {
        let window = PoolingWindow(kernel: 3, stride: 2, padding: 1)
        var elements = [Float](repeating: 1, count: 2 * 16)
        elements[5] = .nan
        let (y, _) = Float.kernels.maxPool(Tensor(elements, shape: Shape(1, 2, 4, 4), block: 16), window)
        #expect(y.elements.prefix(4).allSatisfy { $0.isNaN })
        #expect(y.elements.suffix(4).allSatisfy { $0 == 1 })
        let reference = Double.kernels.maxPool(
            Tensor(elements.map(Double.init), shape: Shape(1, 2, 4, 4)), window)
        #expect(reference.pooled.elements.map(\.isNaN) == y.elements.map(\.isNaN))
    }

    @Test func doesNotDependOnThreads() {
        let x = Tensor<Float>.random(Shape(2, 64, 30, 30), block: 16, seed: 4)
        let window = PoolingWindow(kernel: 3, stride: 2, padding: 1)
        let threads = ComputeThreads.count
        defer { ComputeThreads.count = threads }
        let results = [1, 3].map { count in
            ComputeThreads.count = count
            let (y, choice) = Float.kernels.maxPool(x, window)
            return [y.elements, Float.kernels.maxPoolPullback(y, choice).elements]
        }
        #expect(results[0] == results[1])
    }
}
