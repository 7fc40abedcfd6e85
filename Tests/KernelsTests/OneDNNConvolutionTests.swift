import Tensors
import Testing

@testable import Kernels

@Suite("OneDNN convolution")
struct OneDNNConvolutionTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var geometry: ConvolutionGeometry
        var block: Int
        var testDescription: String {
            "\(geometry.input) → \(geometry.output) k\(geometry.window.axes.map(\.kernel)) block \(block)"
        }
    }

    /// Odd channel counts, strides, batch 1 and one pixel, in every blocking. From eight samples on, with stride 1, our
    /// own convolutions run: one, two and three blocks on either side, rows of one tile and of several.
    static let cases: [Case] = {
        let shapes: [(Shape, Int, Int, Int, Int)] = [
            (Shape(2, 3, 8, 8), 16, 3, 1, 1), (Shape(1, 5, 7, 7), 17, 3, 2, 1),
            (Shape(2, 17, 6, 6), 5, 1, 1, 0), (Shape(3, 16, 8, 8), 32, 1, 2, 0),
            (Shape(2, 32, 5, 5), 16, 3, 1, 1), (Shape(1, 3, 14, 14), 16, 7, 2, 3),
            (Shape(1, 3, 9, 32), 5, 3, 1, 1), (Shape(1, 33, 3, 30), 16, 3, 1, 1),
            (Shape(2, 20, 1, 1), 7, 1, 1, 0), (Shape(1, 64, 8, 8), 16, 1, 1, 0),
            (Shape(8, 16, 5, 1), 16, 3, 1, 1), (Shape(9, 32, 3, 5), 48, 3, 1, 1),
            (Shape(8, 48, 7, 7), 32, 3, 1, 1), (Shape(8, 20, 1, 13), 40, 3, 1, 1),
            (Shape(8, 16, 4, 30), 24, 3, 1, 1), (Shape(11, 5, 2, 33), 17, 3, 1, 1),
            (Shape(8, 48, 3, 5), 16, 1, 1, 0), (Shape(10, 16, 1, 1), 48, 1, 1, 0),
            (Shape(8, 33, 7, 13), 20, 1, 1, 0),
        ]
        return shapes.flatMap { input, outputs, kernel, stride, padding in
            [1, 8, 16].map { block in
                Case(
                    geometry: ConvolutionGeometry(
                        input: input, outputChannels: outputs, kernel: kernel, stride: stride,
                        padding: padding), block: block)
            }
        }
    }()

    @Test(arguments: cases)
    func agreesWithPlainLoops(_ example: Case) throws {
        let (kernels, g) = (Float.kernels, example.geometry)
        let x = Tensor<Float>.random(g.input, block: example.block, seed: 1)
        let filter = Tensor<Float>.random(g.filter, seed: 2)
        let cotangent = Tensor<Float>.random(g.output, block: example.block, seed: 3)
        let y = try kernels.convolution(x, filter, g)
        #expect(y.shape == g.output && (example.block == 1 || y.block == example.block))
        expectClose(y, Plain.convolution(x.doubles, filter.doubles, g), tolerance: sumTolerance)
        let back = try kernels.convolutionPullback(cotangent, filter, g)
        #expect(back.shape == g.input && (example.block == 1 || back.block == example.block))
        expectClose(
            back, Plain.convolutionPullback(cotangent.doubles, filter.doubles, g), tolerance: sumTolerance)
        expectAdjoint(y, cotangent, x, back, tolerance: sumTolerance)
    }

    @Test(arguments: [1, 16, 37])
    func linearLayerAgreesWithPlainLoops(batch: Int) throws {
        let kernels = Float.kernels
        let g = ConvolutionGeometry(
            input: Shape(batch, 65), outputChannels: 10, kernel: 1, stride: 1, padding: 0)
        let x = Tensor<Float>.random(g.input, seed: 4)
        let filter = Tensor<Float>.random(g.filter, seed: 5)
        let cotangent = Tensor<Float>.random(g.output, seed: 6)
        let y = try kernels.convolution(x, filter, g)
        let back = try kernels.convolutionPullback(cotangent, filter, g)
        expectClose(y, Plain.convolution(x.doubles, filter.doubles, g), tolerance: sumTolerance)
        expectClose(
            back, Plain.convolutionPullback(cotangent.doubles, filter.doubles, g), tolerance: sumTolerance)
        expectAdjoint(y, cotangent, x, back, tolerance: sumTolerance)
    }

    @Test func preferredBlockRunsCompiledCode() throws {
        let block = OneDNNKernels.channelBlock
        #expect([1, 4, 8, 16].contains(block))
        guard block > 1 else { return }
        for (channels, kernel) in [(3, 3), (16, 3), (64, 1)] {
            let geometry = ConvolutionGeometry(
                input: Shape(2, channels, 16, 16), outputChannels: 16, kernel: kernel, stride: 1,
                padding: kernel / 2)
            for direction in [CompiledConvolution.Direction.forward, .backwardData] {
                let plan = ConvolutionPlan(geometry, direction, block: block, threads: 1)
                let compiled = try ConvolutionCache.convolution(plan.key)
                #expect(
                    compiled.implementation.hasPrefix("jit"), "\(compiled.key): \(compiled.implementation)")
            }
        }
    }

    /// Also the narrower of two widths that a machine has.
    @Test func blocksOfWholeVectorsRunOurOwnCode() throws {
        let preferred = OneDNNKernels.channelBlock
        for block in [8, 16] where block <= preferred {
            for kernel in [1, 3] {
                let geometry = ConvolutionGeometry(
                    input: Shape(1, 20, 6, 6), outputChannels: 40, kernel: kernel, stride: 1,
                    padding: kernel / 2)
                for direction in [PieceConvolution.Direction.forward, .pullback] {
                    guard case .fused = try PieceConvolution(geometry, direction, block: block) else {
                        Issue.record("\(geometry), block \(block), is left to the library")
                        continue
                    }
                }
                guard case .fused = try PieceFilterGradient(geometry, block: block) else {
                    Issue.record("the gradient of \(geometry), block \(block), is left to the library")
                    continue
                }
            }
        }
    }

    @Test func impossibleGeometryIsAnError() {
        let geometry = ConvolutionGeometry(
            input: Shape(1, 16, 2, 2), outputChannels: 16, kernel: 5, stride: 1, padding: 0)
        #expect(throws: KernelError.self) {
            try CompiledConvolution(
                .init(geometry: geometry, direction: .forward, block: 16, threads: 1))
        }
    }

    /// Each task runs the same compiled convolutions; scratch memory must not be shared.
    @Test func severalTasksMayComputeAtOnce() async throws {
        let g = ConvolutionGeometry(
            input: Shape(4, 32, 16, 16), outputChannels: 32, kernel: 3, stride: 1, padding: 1)
        let x = Tensor<Float>.random(g.input, block: OneDNNKernels.channelBlock, seed: 7)
        let filter = Tensor<Float>.random(g.filter, seed: 8)
        let expected = try Float.kernels.convolution(x, filter, g).elements
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    try (0..<20).allSatisfy { _ in
                        try Float.kernels.convolution(x, filter, g).elements == expected
                    }
                }
            }
            for try await isEqual in group { #expect(isEqual) }
        }
    }
}
