import Tensors
import Testing

@testable import Kernels

/// Kernels on arrays of any number of axes.
@Suite("Array kernels")
struct ArrayKernelTests {
    @Test("Stacks of matrix products agree with double precision", arguments: [false, true], [false, true])
    func matrixProducts(transposingFirst: Bool, transposingSecond: Bool) throws {
        // One product, a stack of either side, both stretched, and a matrix that multiplies all rows of a stack.
        for (first, second) in [
            ([], []), ([3], []), ([], [4]), ([2, 1], [3]), ([2, 5], [2, 5]), ([3], [1, 1]),
        ] {
            let (rows, summed, columns) = (5, 7, 3)
            let a = Shape(axes: first + (transposingFirst ? [summed, rows] : [rows, summed]))
            let b = Shape(axes: second + (transposingSecond ? [columns, summed] : [summed, columns]))
            let (x, y) = (Tensor<Float>.random(a, seed: 41), Tensor<Float>.random(b, seed: 42))
            let found = try Float.kernels.matrixProducts(
                x, y, transposingFirst: transposingFirst, transposingSecond: transposingSecond)
            let expected = try Double.kernels.matrixProducts(
                x.converted(), y.converted(), transposingFirst: transposingFirst,
                transposingSecond: transposingSecond)
            #expect(found.shape == expected.shape)
            expectClose(found, expected.elements, tolerance: sumTolerance)
        }
    }

    /// As many pairs as several threads share; `addBack` of a move that reads elements twice.
    @Test("A move and its transpose are the same on any number of threads")
    func moves() {
        let (batch, channels, width) = (32, 40, 96)
        let source = Shape(axes: [batch, channels, width])
        let target = Shape(axes: [batch, width, channels])
        let transposing = Move(
            axes: [
                .even(batch, source: channels * width, target: channels * width),
                .even(width, source: 1, target: channels), .even(channels, source: width, target: 1),
            ])
        var stretching = transposing
        // Every row of the target reads the same one: no axis but the first keeps sources apart.
        stretching.axes[1] = .even(width, source: 0, target: channels)
        // And none at all.
        var repeating = stretching
        repeating.axes[0] = .even(batch, source: 0, target: channels * width)
        let (x, c) = (Tensor<Float>.random(source, seed: 43), Tensor<Float>.random(target, seed: 44))
        for move in [transposing, stretching, repeating] {
            let pairs = Self.pairs(of: move)
            var (moved, added) = (
                [Float](repeating: 0, count: target.count), [Float](repeating: 0, count: source.count)
            )
            for (from, to) in pairs {
                moved[to] = x.elements[from]
                added[from] += c.elements[to]
            }
            for threads in [1, 2, 5] {
                ComputeThreads.count = threads
                defer { ComputeThreads.count = 1 }
                var (found, back) = (Tensor<Float>(zeros: target), Tensor<Float>(zeros: source))
                Float.kernels.copy(x, by: move, into: &found)
                Float.kernels.addBack(c, by: move, into: &back)
                #expect(found.elements == moved, "\(threads) threads")
                #expect(back.elements == added, "\(threads) threads")
            }
        }
    }

    /// One by one, in the order of the index.
    private static func pairs(of move: Move) -> [(Int, Int)] {
        move.axes.reduce([(0, 0)]) { pairs, axis in
            pairs.flatMap { pair in
                zip(axis.source, axis.target).compactMap { source, target in
                    source.flatMap { source in target.map { (pair.0 + source, pair.1 + $0) } }
                }
            }
        }
    }

    @Test("Stretching, sums and largest elements are the same of tensors in blocks", arguments: [1, 8, 16])
    func broadcasting(block: Int) {
        let shape = Shape(axes: [2, 19, 3, 5])
        let x = Tensor<Float>.random(shape, block: block, seed: 45)
        for other in [[19, 1, 1], [2, 19, 1, 1], [1, 1, 3, 5], [2, 1, 3, 1], [], [1, 19, 3, 5]] {
            let smaller = Shape(axes: other)
            let y = Tensor<Float>.random(smaller, seed: 46)
            let found = Float.kernels.broadcast(x, y, to: shape) { $0 - 2 * $1 }
            #expect(found.block == block)
            expectClose(
                found,
                Double.kernels.broadcast(x.converted(), y.converted(), to: shape) { $0 - 2 * $1 }.elements,
                tolerance: elementTolerance)
            expectClose(
                Float.kernels.sum(x, to: smaller), Double.kernels.sum(x.converted(), to: smaller).elements,
                tolerance: elementTolerance)
            // Below 0, so that padding would win.
            let below = Float.kernels.map(x) { $0 - 3 }
            expectClose(
                Float.kernels.largest(below, to: smaller),
                Double.kernels.largest(below.converted(), to: smaller).elements, tolerance: 0)
        }
    }

    @Test("Another shape of the same elements, and other blocks", arguments: [1, 8, 16])
    func reshaping(block: Int) {
        let x = Tensor<Float>.random(Shape(axes: [3, 11, 2, 4]), block: block, seed: 47)
        for axes in [[3, 11, 8], [3, 11, 4, 2, 1], [33, 8], [3, 88], [264], [6, 11, 4]] {
            let reshaped = x.reshaped(Shape(axes: axes))
            #expect(reshaped.shape.axes == axes && reshaped.elements == x.elements)
            for other in [1, 8, 16] { #expect(reshaped.reblocked(to: other).elements == x.elements) }
        }
        #expect(x.reshaped(Shape(axes: [3, 11, 8])).block == block)
        let parts = [x.samples(0..<1), x.reblocked(to: 8).samples(1..<3)]
        #expect(Tensor(samples: parts).elements == x.elements)
    }
}
