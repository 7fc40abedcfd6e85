import Analysis
import Foundation
import Graphs
import Kernels
import Operators
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

/// Networks whose gradients and gates leave the range of Float, and of Double, unit after unit or in one step: single
/// precision must say what double precision says.
@Suite("Gradients beyond the range of numbers")
struct GradientRangeTests {
    private func result<Scalar: KernelScalar>(
        _ word: String, units: Int = 9, in precision: Scalar.Type
    ) throws -> AnalysisResult {
        let design = NetworkDesign(
            architecture: DenseArchitecture(), block: .basic, unitsPerStage: units,
            shortcut: try ShortcutVocabulary.paper.shortcut(for: word), baseWidth: 16, classes: 4,
            input: Shape(1, 12))
        let shape = Shape(12, 12)
        let images: Tensor<Scalar> = randomTensor(shape, seed: 3, name: "images")
        return try SignalAnalysis<Scalar>(
            Network(design, parameters: HeInitialization(seed: 3)),
            on: LabelledBatch(images.elements, shape: shape, labels: (0..<12).map { $0 % 4 })
        ).run()
    }

    /// Factors of 1e20 at once, gates that are shut or open to e^−800, and shortcuts that grow.
    @Test(arguments: [
        ("scale10", 20), ("scale1,1e20", 6), ("scale1e-30", 9), ("scale0.5,1e-30", 9),
        ("gate-exclusive:100", 9),
        ("gate-exclusive:-200", 9), ("gate-exclusive:-800", 9), ("gate-shortcut:300", 9),
        ("scale1e12,1e15", 2),
    ]) func singleSaysWhatDoubleSays(word: String, units: Int) throws {
        let single = try result(word, units: units, in: Float.self)
        let double = try result(word, units: units, in: Double.self)
        #expect(single.isComplete && double.isComplete)
        #expect(single.allChecksHold, "\(single.checks.filter { $0.passed == false })")
        #expect(double.allChecksHold, "\(double.checks.filter { $0.passed == false })")
        for (a, b) in zip(single.units, double.units) {
            for (name, x, y) in [
                ("g", a.gradient, b.gradient), ("d", a.direct, b.direct),
                ("w", a.throughWeights, b.throughWeights),
                ("d, stage", a.stageDirect, b.stageDirect),
                ("w, stage", a.stageThroughWeights, b.stageThroughWeights),
            ] {
                #expect(x.status == y.status, "\(name)_\(a.unit)")
                guard let x = x.value, let y = y.value else { continue }
                // Single precision's rounding through at most 40 layers that amplify it a few hundredfold.
                #expect(abs(x - y) < 1e-3, "\(name)_\(a.unit): \(x) for \(y)")
            }
        }
    }

    /// e^−400 and its square are small in Double, not 0.
    @Test func smallIsNotZero() throws {
        let result = try result("gate-exclusive:-400", in: Double.self)
        let w = try #require(result.units[0].throughWeightsLog10)
        let g = try #require(result.units[0].gradientLog10)
        #expect(abs(w - g - log10(exp(1)) * -400) < 4)
        #expect(result.checks.first { $0.name == "probe_through_weights" }?.passed == true)
    }

    /// Zero, not finite and not measured are three things.
    @Test func nullHasThreeMeanings() throws {
        let plain = try result("none", in: Float.self)
        #expect(plain.units[0].direct == .zero && plain.units[0].directLog10 == nil)
        #expect(plain.isComplete)
        let overflow = try result("scale1e10", units: 9, in: Float.self)
        let unit = try #require(overflow.firstNonFiniteUnit)
        #expect(overflow.units[unit].forwardStatus == .notFinite)
        #expect(overflow.units[unit - 1].forwardStatus == .measured)
        #expect(overflow.units[unit + 1].forwardStatus == .notMeasured)
        #expect(overflow.units.allSatisfy { $0.direct == .notMeasured && $0.gradient == .notMeasured })
        #expect(!overflow.isComplete && overflow.directVanishesAtUnit == nil)
    }
}

/// Sums of squares that leave the range of Double on tensors that do not.
@Suite("Tensors near the end of their range")
struct TensorRangeTests {
    @Test(arguments: [-1060.0, -700, -550, 0, 520, 1000]) func normsOfDouble(power: Double) throws {
        let x = Tensor<Double>([3 * exp2(power), -4 * exp2(power)], shape: Shape(1, 2))
        // Subnormal numbers of 2^−1060 keep 14 bits.
        let tolerance = power < -1000 ? 1e-4 : 1e-12
        var paths = PathTerms(ScaledTensor(x, exponent: 12))
        let norm = try #require(paths.norms().gradient.value)
        #expect(abs(norm - log10(5) - (power + 12) * log10(2)) < tolerance)
        let squares = Double.kernels.sumOfSquares(paths.total.tensor)
        #expect(squares > 0 && squares.isFinite, "the tensor itself is in range now")
    }

    /// A branch of 1e−200 in one step: w's squares are no numbers, its norm and its angle are.
    @Test func relationsBelowTheRangeOfSquares() throws {
        let g = Tensor<Double>([3, -4], shape: Shape(1, 2))
        let small = Tensor<Double>([1e-200, 1e-200], shape: Shape(1, 2))
        let branch = try PathTerms(ScaledTensor(g)).pulledBack(
            by: Mul(), to: [0], isCut: { _ in true },
            at: Point(shapes: [g.shape, g.shape], resultShape: g.shape, operands: [nil, Value(small)]))
        var paths = PathTerms(ScaledTensor(g)).plus(branch[0])
        let norms = paths.norms()
        #expect(abs(try #require(norms.throughWeights.value) - (log10(5) - 200)) < 1e-12)
        #expect(abs(try #require(norms.cosine) - 1) < 1e-12)
        #expect(try #require(norms.decompositionError) < 1e-15)
    }

    @Test func exactZerosAndWhatIsNotFinite() {
        func norm(_ elements: [Double]) -> LogNorm {
            var paths = PathTerms(ScaledTensor(Tensor(elements, shape: Shape(1, 2))))
            return paths.norms().gradient
        }
        #expect(norm([0, -0.0]) == .zero)
        #expect(norm([1, .nan]) == .notFinite)
        #expect(norm([-.infinity, 0]) == .notFinite)
    }
}
