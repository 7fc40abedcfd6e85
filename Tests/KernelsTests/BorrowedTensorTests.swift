import Foundation
import Tensors
import Testing

@testable import Kernels

/// Tensors in memory of someone else, such as a mapped file: aligned for their type and no more, with nothing around
/// them that may be read.
@Suite struct BorrowedTensorTests {
    /// Numbers between two pages that nobody may touch.
    private final class GuardedMemory: @unchecked Sendable {
        enum Side: CaseIterable {
            /// The first number follows the page before.
            case atStart
            /// The last number lies before the page behind; the first one is where that leaves it.
            case atEnd
        }

        let numbers: UnsafeMutableRawPointer
        private let start: UnsafeMutableRawPointer
        private let size: Int

        init(_ bytes: UnsafeRawBufferPointer, _ side: Side) throws {
            let page = sysconf(Int32(_SC_PAGESIZE))
            let room = (bytes.count + page - 1) / page * page
            size = room + 2 * page
            let mapped = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
            start = try #require(mapped == MAP_FAILED ? nil : mapped)
            numbers = start + (side == .atStart ? page : page + room - bytes.count)
            numbers.copyMemory(from: try #require(bytes.baseAddress), byteCount: bytes.count)
            for (place, count, protection) in [
                (start, page, PROT_NONE), (start + page, room, PROT_READ),
                (start + page + room, page, PROT_NONE),
            ] {
                try #require(mprotect(place, count, protection) == 0)
            }
        }

        deinit { munmap(start, size) }
    }

    private func borrowed<Scalar>(
        _ tensor: Tensor<Scalar>, _ side: GuardedMemory.Side
    ) throws -> Tensor<Scalar> {
        let memory = try tensor.elements.withUnsafeBytes { try GuardedMemory($0, side) }
        return Tensor(
            borrowing: memory.numbers.assumingMemoryBound(to: Scalar.self), shape: tensor.shape, owner: memory
        )
    }

    private func random<Scalar: TensorScalar>(_ shape: Shape, seed: UInt64) -> Tensor<Scalar> {
        Tensor(rounding: Tensor<Float>.random(shape, seed: seed).doubles, shape: shape)
    }

    /// Results of every kind of kernel that may see a weight or an input of a file.
    private func results<Scalar: KernelScalar>(
        _ lend: (Tensor<Scalar>) throws -> Tensor<Scalar>
    ) throws -> [(String, [Scalar])] {
        let kernels = Scalar.kernels
        var results: [(String, [Scalar])] = []
        func keep(_ name: String, _ tensor: Tensor<Scalar>) { results.append((name, tensor.elements)) }
        // Channels that fill blocks of 16, and others that do not; 5·7 pixels; filters of 3·3 and 1·1; groups.
        for (input, outputs, kernel, groups) in [(16, 32, 3, 1), (3, 5, 3, 1), (7, 4, 1, 1), (6, 6, 3, 6)] {
            let shape = Shape(2, input, 5, 7)
            let axis = ConvolutionWindow.Axis(kernel: kernel, before: kernel / 2, after: kernel / 2)
            let geometry = ConvolutionGeometry(
                input: shape, outputChannels: outputs, window: ConvolutionWindow([axis, axis]), groups: groups
            )
            let x = try lend(random(shape, seed: 1))
            let filter = try lend(random(Shape(outputs, input / groups, kernel, kernel), seed: 2))
            let cotangent = try lend(random(Shape(2, outputs, 5, 7), seed: 3))
            let name = "\(input) to \(outputs), \(kernel)"
            keep("convolution \(name)", try kernels.convolution(x, filter, geometry))
            keep("pullback \(name)", try kernels.convolutionPullback(cotangent, filter, geometry))
            keep("gradient \(name)", try kernels.convolutionFilterGradient(cotangent, at: x, geometry))
            keep("arranged \(name)", kernels.arranged(x))
            keep("bias \(name)", kernels.addBias(x, Array(repeating: 0.5, count: input)))
            let layer = try kernels.layer(
                LayerInput(x), filter, geometry, adding: nil, measuringChannels: true)
            keep("layer \(name)", layer.value)
        }
        for length in [1, 15, 16, 17, 77] {
            let x = try lend(random(Shape(axes: [3, length]), seed: 4))
            let y = try lend(random(Shape(axes: [3, length]), seed: 5))
            keep("rectify \(length)", kernels.rectify(x))
            keep("keep \(length)", kernels.keep(x, wherePositive: y))
            keep("sigmoid \(length)", kernels.sigmoid(x, offset: 0))
            keep("multiply \(length)", kernels.multiply(x, y))
            keep("combine \(length)", kernels.combine(x, 0.5, y, -2))
            keep("scale \(length)", kernels.scale(x, by: 3))
            keep("softmax \(length)", kernels.softmax(ofRows: x, isLogarithmic: false))
            keep("logarithm \(length)", kernels.softmax(ofRows: x, isLogarithmic: true))
            keep("softmax pullback \(length)", kernels.softmaxPullback(x, ofRows: y, isLogarithmic: false))
            let standard = kernels.standardize(rows: x, epsilon: 1e-5, subtractsMean: true)
            keep("standardize \(length)", standard.value)
            let derivative = kernels.standardizeDerivative(
                x, ofRows: y, inverseDeviation: standard.inverseDeviation, subtractsMean: true)
            keep("standardize derivative \(length)", derivative)
            let sums = [kernels.sumOfSquares(x), kernels.dot(x, y), Double(kernels.negativeCount(x))]
            keep("sums \(length)", Tensor(rounding: sums, shape: Shape(axes: [3])))
            let matrix = try lend(random(Shape(axes: [length, 5]), seed: 6))
            keep("product \(length)", try kernels.matrixProducts(x, matrix))
        }
        let map = try lend(random(Shape(2, 5, 6, 7), seed: 7))
        let statistics = kernels.channelStatistics(map)
        let ones = Array(repeating: 1.0, count: 5)
        keep("statistics", Tensor(rounding: statistics.mean + statistics.variance, shape: Shape(axes: [10])))
        let normalization = Normalization(
            statistics, epsilon: 1e-5, scale: ones, shift: ones, activation: .rectifier, statistics: .ofBatch)
        keep("normalize", kernels.normalize(map, normalization))
        keep("normalize pullback", kernels.normalizePullback(map, at: map, normalization))
        let axis = ConvolutionWindow.Axis(kernel: 3, stride: 2)
        keep("max pool", kernels.maxPool(map, ConvolutionWindow([axis, axis])).pooled)
        keep("global average", try kernels.globalAverage(map))
        return results
    }

    private func compare<Scalar: KernelScalar>(_: Scalar.Type) throws {
        let expected: [(String, [Scalar])] = try results { $0 }
        for side in GuardedMemory.Side.allCases {
            let found: [(String, [Scalar])] = try results { try borrowed($0, side) }
            for (found, expected) in zip(found, expected) {
                // The same operations in the same order, wherever the numbers lie.
                #expect(found.1 == expected.1, "\(expected.0), \(side)")
            }
            #expect(found.count == expected.count)
        }
    }

    @Test(
        "Kernels in single precision read no further than borrowed memory, and ask for no more than a Float's alignment"
    )
    func single() throws { try compare(Float.self) }

    @Test("Kernels in double precision read no further than borrowed memory")
    func double() throws { try compare(Double.self) }

    @Test("Nothing is written to borrowed memory, and what is written is seen by nobody else")
    func writing() throws {
        let elements: [Float] = [1, -2, 3]
        let original = try borrowed(Tensor(elements, shape: Shape(axes: [3])), .atEnd)
        var copy = original
        let isOwned = copy.isUniquelyReferenced()
        #expect(!isOwned)
        // The memory is protected: writing to it would end the process.
        copy.withUnsafeMutableBufferPointer { $0[0] = 7 }
        #expect(copy.elements == [7, -2, 3] && original.elements == elements)
        let isOwnedNow = copy.isUniquelyReferenced()
        #expect(isOwnedNow && copy.identity != original.identity)
        // The only reference: still not ours.
        #expect(Float.kernels.scale(try borrowed(original, .atStart), by: 2).elements == [2, -4, 6])
    }

    @Test("The owner lives as long as a tensor, and other shapes share the memory")
    func lifetime() throws {
        final class Owner: Sendable {
            let numbers = ContiguousArray<Float>([1, 2, 3, 4])
        }
        weak var watched: Owner?
        do {
            let owner = Owner()
            watched = owner
            let tensor = owner.numbers.withUnsafeBufferPointer {
                $0.baseAddress.map { Tensor(borrowing: $0, shape: Shape(axes: [4]), owner: owner) }
            }
            let reshaped = try #require(tensor).reshaped(Shape(axes: [2, 2]))
            #expect(reshaped.elements == [1, 2, 3, 4])
            #expect(watched != nil)
        }
        #expect(watched == nil)
    }

    @Test("Borrowed memory is none of the arena's")
    func accounting() throws {
        let zeros = Tensor<Float>(zeros: Shape(axes: [1 << 16]))
        let memory = try zeros.elements.withUnsafeBytes { try GuardedMemory($0, .atStart) }
        // Other tests take memory meanwhile; none takes as much as these tensors would.
        let before = TensorMemory.current.bytesInUse
        let tensors = (0..<4096).map { _ in
            Tensor(
                borrowing: memory.numbers.assumingMemoryBound(to: Float.self), shape: zeros.shape,
                owner: memory)
        }
        #expect(TensorMemory.current.bytesInUse - before < tensors.count * (4 << 16))
    }
}
