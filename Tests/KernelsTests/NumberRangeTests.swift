import Foundation
import Tensors
import Testing

@testable import Kernels

/// Every kernel of Float against that of Double, with numbers near both ends of Float's range.
@Suite("The ends of the range")
struct NumberRangeTests {
    private static let shape = Shape(2, 16, 5, 5)
    private static let geometry = ConvolutionGeometry(
        input: shape, outputChannels: 16, kernel: 3, stride: 1, padding: 1)

    /// An operation in either precision, on maps x and y.
    private struct Operation: Sendable {
        let name: String
        let float: @Sendable (Tensor<Float>, Tensor<Float>) throws -> Tensor<Float>
        let double: @Sendable (Tensor<Double>, Tensor<Double>) throws -> Tensor<Double>
    }

    private static let operations = zip(make(Float.self), make(Double.self)).map {
        Operation(name: $0.name, float: $0.apply, double: $1.apply)
    }

    private static func make<Scalar: KernelScalar>(
        _ type: Scalar.Type
    ) -> [(name: String, apply: @Sendable (Tensor<Scalar>, Tensor<Scalar>) throws -> Tensor<Scalar>)] {
        let kernels = Scalar.kernels
        let filter: Tensor<Scalar> = Tensor<Float>.random(geometry.filter, seed: 3).converted()
        @Sendable func normalization(of x: Tensor<Scalar>) -> Normalization {
            Normalization(
                kernels.channelStatistics(x), epsilon: 1e-5, scale: Array(repeating: 1.5, count: 16),
                shift: Array(repeating: 0, count: 16), activation: .none, statistics: .ofBatch)
        }
        return [
            ("rectify", { x, _ in kernels.rectify(x) }),
            ("keep", { x, y in kernels.keep(x, wherePositive: y) }),
            ("scale", { x, _ in kernels.scale(x, by: -0.75) }),
            ("combine", { x, y in kernels.combine(x, 0.5, y, 0.25) }),
            ("combine measured", { x, y in kernels.combineMeasured(x, 0.5, y, 0.25).0 }),
            ("add bias", { x, _ in kernels.addBias(x, Array(repeating: 0, count: 16)) }),
            (
                "max pool",
                { x, _ in kernels.maxPool(x, PoolingWindow(kernel: 3, stride: 2, padding: 1)).pooled }
            ),
            ("global average", { x, _ in try kernels.globalAverage(x) }),
            (
                "global average pull-back",
                { x, _ in
                    try kernels.globalAveragePullback(kernels.globalAverage(x), to: shape)
                }
            ),
            ("convolution", { x, _ in try kernels.convolution(x, filter, geometry) }),
            ("convolution pull-back", { x, _ in try kernels.convolutionPullback(x, filter, geometry) }),
            ("normalize", { x, _ in kernels.normalize(x, normalization(of: x)) }),
            (
                "normalize pull-back",
                { x, y in
                    let size = kernels.largestMagnitude(x)
                    return kernels.normalizePullback(
                        kernels.scale(x, by: 1 / size), at: y, normalization(of: y))
                }
            ),
            (
                "decompose",
                { x, y in
                    kernels.decompose(
                        DecompositionStep(
                            total: x, totalCoefficient: 0.5, throughWeights: y,
                            throughWeightsCoefficient: 0.25,
                            branch: x, branchInTotal: 0.25, branchInThroughWeights: 0.5, direct: y,
                            residual: (1, 1, 1))
                    ).throughWeights
                }
            ),
            (
                "forward sum",
                { x, y in
                    kernels.advanceForwardSum(
                        ForwardSumStep(
                            previous: x, previousCoefficient: 0.5, branch: y, branchCoefficient: 0.25,
                            value: x,
                            carried: y, carriedCoefficient: 0.5)
                    ).sum
                }
            ),
        ]
    }

    /// From subnormal numbers, of which some digits are left, to within a few doublings of the largest.
    private static let powers = [-140, -126, -100, -60, 60, 100, 120]

    @Test(arguments: powers) func mapsAgreeWithDouble(power: Int) throws {
        let block = OneDNNKernels.channelBlock
        func map(_ seed: UInt64) -> Tensor<Float> {
            Float.kernels.scale(
                Tensor.random(Self.shape, block: block, seed: seed), byPowerOfTwo: power)
        }
        let (x, y) = (map(1), map(2))
        for operation in Self.operations {
            let found = try operation.float(x, y)
            let expected = try operation.double(x.converted(), y.converted()).elements
            let size = expected.reduce(0) { max($0, abs($1)) }
            let error = zip(found.doubles, expected).reduce(0) { max($0, abs($1.0 - $1.1)) }
            // Beside the usual roundings, one of the spacing of subnormal numbers for each of 144 terms at most.
            let bound = sumTolerance * size + 144 * Double(Float.leastNonzeroMagnitude)
            #expect(error <= bound, "\(operation.name) at 2^\(power): off by \(error) of \(size)")
        }
    }

    @Test(arguments: powers) func sumsAgreeWithDouble(power: Int) {
        let block = OneDNNKernels.channelBlock
        func map(_ seed: UInt64) -> Tensor<Float> {
            Float.kernels.scale(
                Tensor.random(Self.shape, block: block, seed: seed), byPowerOfTwo: power)
        }
        let (x, y) = (map(1), map(2))
        let (xs, ys): (Tensor<Double>, Tensor<Double>) = (x.converted(), y.converted())
        func close(_ a: Double, _ b: Double, of size: Double, _ name: String) {
            #expect(abs(a - b) <= sumTolerance * size, "\(name) at 2^\(power): \(a) for \(b)")
        }
        let squares = Double.kernels.sumOfSquares(xs)
        close(Float.kernels.sumOfSquares(x), squares, of: squares, "sum of squares")
        close(Float.kernels.dot(x, y), Double.kernels.dot(xs, ys), of: squares, "dot")
        func forwardSum<Scalar: KernelScalar>(_ x: Tensor<Scalar>, _ y: Tensor<Scalar>) -> ForwardSumSquares {
            Scalar.kernels.advanceForwardSum(
                ForwardSumStep(
                    previous: x, previousCoefficient: 0.5, branch: y, branchCoefficient: 0.25, value: y,
                    carried: x, carriedCoefficient: 1)
            ).squares
        }
        let (terms, exact) = (forwardSum(x, y), forwardSum(xs, ys))
        for (name, term) in [
            ("sum", \ForwardSumSquares.sum), ("value", \.value), ("carried", \.carried),
            ("residual", \.residual),
        ] where power > -126 {
            // Sums of subnormal numbers are rounded to what such numbers hold.
            close(terms[keyPath: term], exact[keyPath: term], of: exact[keyPath: term], "forward \(name)")
        }
        let (found, expected) = (Float.kernels.channelStatistics(x), Double.kernels.channelStatistics(xs))
        let size = squares / Double(Self.shape.count)
        for channel in 0..<16 {
            close(found.mean[channel], expected.mean[channel], of: size.squareRoot(), "mean")
            close(found.variance[channel], expected.variance[channel], of: size, "variance")
        }
    }

    /// σ falls through the subnormal numbers to 0; with an offset its digits stay.
    @Test func sigmoidBelowTheLeastNormalNumber() {
        for x in stride(from: -110, through: -80, by: 0.37) as StrideThrough<Double> {
            let tensor = Tensor<Float>([Float(x)], shape: Shape(1, 1))
            let expected = exp(Double(Float(x)))
            let found = Double(Float.kernels.sigmoid(tensor, offset: 0).elements[0])
            // Two units of the last place, or of the spacing of subnormal numbers.
            #expect(
                abs(found - expected) <= 2.4e-7 * expected + 2 * Double(Float.leastNonzeroMagnitude), "\(x)")
            let offset = (-x).rounded(.down)
            let shifted = Double(Float.kernels.sigmoid(tensor, offset: offset).elements[0])
            #expect(abs(shifted - expected * exp(offset)) <= 5e-7 * shifted, "σ(\(x)) e^\(offset)")
        }
        for (x, offset) in [(-200.25, 200.0), (-1000, 999), (-1e6, 1e6)] {
            let single = Float.kernels.sigmoid(Tensor([Float(x)], shape: Shape(1, 1)), offset: offset)
                .elements[0]
            let double = Double.kernels.sigmoid(Tensor([x], shape: Shape(1, 1)), offset: offset).elements[0]
            #expect(abs(Double(single) - exp(x + offset)) < 5e-7 * exp(x + offset))
            #expect(abs(double - exp(x + offset)) < 1e-15 * exp(x + offset))
        }
    }

    /// 2^130 is no Float; 2^130·x is one.
    @Test(arguments: [-300, -149, -130, 0, 130, 250, 270]) func powersOfTwoBeyondTheRange(power: Int) {
        let x = Tensor<Float>([1.5, -0.75, 0], shape: Shape(1, 3))
        let small = Float.kernels.scale(x, byPowerOfTwo: -120)
        let large = Float.kernels.scale(small, byPowerOfTwo: power)
        #expect(large.elements == x.elements.map { Float(scalbn(Double($0), power - 120)) })
    }

    @Test func largestMagnitudesAndFiniteness() {
        let kernels = Double.kernels
        #expect(kernels.largestMagnitude(Tensor([1, -3e200, 2], shape: Shape(1, 3))) == 3e200)
        #expect(kernels.largestMagnitude(Tensor([1, .nan, 2], shape: Shape(1, 3))).isNaN)
        // The square of 3e200 is no number; 3e200 is.
        #expect(kernels.isFinite(Tensor([3e200], shape: Shape(1, 1))))
        #expect(!kernels.isFinite(Tensor([1, .nan], shape: Shape(1, 2))))
        #expect(!kernels.isFinite(Tensor([1, -.infinity], shape: Shape(1, 2))))
    }
}
