import Analysis
import Foundation
import Kernels
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

@Suite("Cancellation, correlation, parameters, signal, costs")
struct MeasurementTests {
    /// F(x) = a·x beside h(x) = x: w = ((1 + a)ⁿ − 1)·d in every sample.
    @Test func cancellationOfParallelTerms() throws {
        // (1 − 0.95)³ leaves a hundredth of a percent of d; (1 − 0.3)³ a third.
        for (a, share) in [(-0.95, 1.0), (-0.3, 0.0)] {
            let stack = LinearStack(
                features: 3, lambdas: [1, 1, 1], branches: Array(repeating: a, count: 3))
            let rows = try #require(try stack.run([.cancellation]).cancellation)
            #expect(rows.map(\.unit) == [0, 1, 2, 3])
            #expect(rows[3].cosineMedian == nil && rows[3].cancelledShare == 0, "w_L is 0")
            for row in rows.dropLast() {
                #expect(row.cancelledShare == share)
                #expect(abs(try #require(row.cosineMaximum) + 1) < 1e-14)
                #expect(row.cosineMinimum == row.cosineMedian || abs((row.cosineMedian ?? 0) + 1) < 1e-14)
            }
        }
    }

    /// F(x) = −0.95 (1, 0)ᵀ(1, 0) x cancels the first feature only.
    @Test func cancellationIsPerSample() throws {
        let stack = try LinearStack(matrix: [-0.95, 0, 0, 0], features: 2, count: 1)
        let analysis = try stack.analysis([.cancellation])
        let result = try analysis.run()
        let row = try #require(result.measurements?.cancellation?.first)
        // By hand: d = g_L[n], w = −0.95 (g_L[n])_1.
        let forward = try ForwardTrace(
            analysis.network, batch: analysis.batch, pass: ForwardPass(masks: SeededMasks(seed: 0)))
        let top = try #require(forward.topCotangent).plain.elements
        let cosines = (0..<stack.batch).map { n -> Double in
            let (first, second) = (top[2 * n], top[2 * n + 1])
            return -abs(first) / (first * first + second * second).squareRoot()
        }
        #expect(abs(try #require(row.cosineMinimum) - (cosines.min() ?? 0)) < 1e-14)
        #expect(abs(try #require(row.cosineMaximum) - (cosines.max() ?? 0)) < 1e-14)
    }

    /// Equal samples have equal gradients; with two classes and two labels they are opposite.
    @Test func correlationOfEqualAndOppositeSamples() throws {
        var stack = LinearStack(features: 3, lambdas: [1, 2], branches: [0.5, -0.25])
        (stack.classes, stack.batch) = (2, 4)
        let equal = try #require(
            try stack.run([.correlation], labels: [1, 1, 1, 1], isRepeated: true).correlation)
        #expect(equal.allSatisfy { abs(($0.meanCosine ?? 0) - 1) < 1e-14 && $0.pairs == 6 })
        // Of six pairs two have equal labels: (2 − 4)/6.
        let mixed = try #require(
            try stack.run([.correlation], labels: [0, 0, 1, 1], isRepeated: true).correlation)
        #expect(
            mixed.allSatisfy {
                abs(($0.meanCosine ?? 0) + 1.0 / 3) < 1e-14 && abs(($0.meanAbsoluteCosine ?? 0) - 1) < 1e-14
            })
    }

    /// The norms of a random stack, against gradients collected by the maps alone: every parameter once, in the
    /// order of computation, whatever exponents are carried.
    @Test func parameterNormsAreThoseOfTheGradients() throws {
        var stack = StackCase(seed: 8)
        (stack.decades, stack.shortcut) = (3, ExclusiveGateShortcut(bias: -1))
        let network: Network<Double> = try stack.network()
        let result = try SignalAnalysis(
            network, on: stack.labelledBatch(),
            options: AnalysisOptions(probes: .none, seed: stack.seed, measurements: [.parameterGradients])
        ).run()
        let rows = try #require(result.measurements?.parameterGradients)
        #expect(rows.map(\.parameter) == network.parameters.map(\.name))
        let batch: LabelledBatch<Double> = stack.labelledBatch()
        let pass = ForwardPass(masks: SeededMasks(seed: stack.seed), keepsParameterInputs: true)
        let whole = Sequential([network.stem] + network.units.map(WholeUnit.init) + [network.head])
        let linearized = try whole.linearize(batch.input, in: pass)
        let top = try SoftmaxCrossEntropy(labels: batch.labels).evaluate(at: linearized.tensor).cotangent
            .plain
        var gradients = ParameterGradients<Double>()
        _ = try linearized.derivative.vjp(top, accumulating: &gradients)
        for row in rows {
            let expected = norm(try #require(gradients.byName[row.parameter]))
            let found = row.gradientLog10.map { pow(10, $0) } ?? 0
            #expect(abs(found - expected) <= 1e-9 * expected, "\(row.parameter)")
        }
    }

    /// A unit as one map.
    private struct WholeUnit: DifferentiableMap {
        let unit: ResidualUnit<Double>

        func outputShape(for input: Shape) -> Shape { unit.outputShape(for: input) }
        func linearize(_ x: Tensor<Double>, in pass: ForwardPass) throws -> Linearized<Double> {
            let linearized = try unit.linearize(x, in: pass)
            return Linearized(
                value: linearized.output, derivative: Derivative(unit: linearized.derivatives))
        }

        struct Derivative: Linearization {
            let unit: UnitDerivatives<Double>

            func vjp(_ cotangent: Tensor<Double>) throws -> Tensor<Double> {
                var ignored = ParameterGradients<Double>()
                return try vjp(cotangent, accumulating: &ignored)
            }
            func vjp(
                _ cotangent: Tensor<Double>, accumulating gradients: inout ParameterGradients<Double>
            ) throws -> Tensor<Double> {
                let atY = try unit.after.vjp(cotangent, accumulating: &gradients)
                return combination(
                    1, try unit.shortcut.vjp(atY, accumulating: &gradients), 1,
                    try unit.branch.vjp(atY, accumulating: &gradients))
            }
            func jvp(_ tangent: Tensor<Double>) throws -> Tensor<Double> { try pushTotal(unit, tangent) }
        }
    }

    /// A map of a caller's own may not know the gradient of its parameters: no row, and a sentence.
    @Test func mapsWithoutParameterGradientsAreNamed() throws {
        struct Opaque: DifferentiableMap {
            var parameters: [Parameter<Double>] { [Parameter(name: "mine", vector: [1, 2])] }
            func linearize(_ x: Tensor<Double>, in pass: ForwardPass) -> Linearized<Double> {
                IdentityMap().linearize(x, in: pass)
            }
        }
        let unit = ResidualUnit<Double>(shortcut: MapShortcut(IdentityMap()), branch: Opaque())
        let measured = try LinearStack(features: 2, units: [unit]).run([.parameterGradients])
        #expect(measured.parameterGradients?.map(\.parameter) == ["head.fc.weight", "head.fc.bias"])
        #expect(
            measured.omissions.map(\.reason) == [
                MeasurementObstacle.gradientsMissing(count: 1, first: "mine").description
            ])
    }

    /// F(x) = 2x: the variance at the end of the branch is four times that of x_l.
    @Test func signalPropagationOfAScaledBranch() throws {
        let stack = LinearStack(features: 3, lambdas: [1, 1], branches: [2, 2])
        let result = try stack.analysis([.signalPropagation]).run()
        let rows = try #require(result.measurements?.signalPropagation)
        #expect(rows.count == 3 && rows[2].residualAverageVariance == nil)
        for (row, unit) in zip(rows, result.units) {
            #expect(row.averageChannelSquaredMean == unit.channelMeanSquare)
            #expect(row.averageChannelVariance == unit.channelVariance)
        }
        for row in rows.dropLast() {
            let ratio = try #require(row.residualAverageVariance) / #require(row.averageChannelVariance)
            #expect(abs(ratio - 4) < 1e-13)
        }
    }

    @Test func whatDoesNotApplySaysWhy() throws {
        var stack = LinearStack(features: 2, lambdas: [1, 1], branches: [1, 1])
        stack.batch = 1
        let measured = try stack.run([.fits, .correlation, .jacobian(from: 0, to: 9)])
        #expect(
            measured.omissions.map(\.reason) == [
                MeasurementObstacle.tooFewUnits(units: 2, needed: 3).description,
                MeasurementObstacle.oneSample.description,
                MeasurementObstacle.noSuchUnit(9, last: 2).description,
            ])
        #expect(measured.costs.isEmpty && measured.scalars.isEmpty)
        let absurd = try stack.analysis([.jacobian(from: 0, to: .max), .pathLengths(upTo: .max)])
        #expect(absurd.progressTotal > 0 && absurd.expectedMemory > 0)
        #expect(absurd.measurementOmissions.map(\.name) == ["jacobian:0-\(Int.max)"])
        // A forward pass that overflows leaves no gradient, and signal enough to describe.
        let overflow = LinearStack(
            features: 2, lambdas: Array(repeating: 1e200, count: 3), branches: [1, 1, 1])
        let rest = try overflow.run(MeasurementRequest.all)
        #expect(
            Set(rest.omissions.map(\.reason)) == [MeasurementObstacle.forwardPassOverflowed.description])
        #expect(rest.omissions.count == 6 && rest.signalPropagation?.isEmpty == false)
    }

    @Test func costsAreStatedBeforehand() throws {
        let analysis = try LinearStack(features: 8, lambdas: [1, 1, 1], branches: [1, 1, 1])
            .analysis([.pathLengths(upTo: 2), .fits])
        // Lengths 0 and 1 through the branch, and what is above; 2 + 5 tensors of 6 × 8 doubles.
        #expect(
            analysis.measurementCosts == [
                MeasurementCost(name: "path-lengths:2", backwardPasses: 3, bytes: 7 * 6 * 8 * 8),
                MeasurementCost(name: "fits", backwardPasses: 0, bytes: 0),
            ])
        let plain = try LinearStack(features: 8, lambdas: [1, 1, 1], branches: [1, 1, 1]).analysis([])
        #expect(try plain.run().measurements == nil)
        #expect(analysis.expectedMemory - plain.expectedMemory == 7 * 6 * 8 * 8)
    }

    /// What was measured anyway is the same with and without the rest.
    @Test func theSweepsDoNotChange() throws {
        let stack = StackCase(seed: 4)
        func run(_ measurements: [MeasurementRequest]) throws -> AnalysisResult {
            var result = try SignalAnalysis(
                try stack.network(in: Float.self), on: stack.labelledBatch(),
                options: AnalysisOptions(seed: stack.seed, measurements: measurements)
            ).run()
            result.measurements = nil
            result.network.expectedMemory = 0
            return result
        }
        #expect(try run(MeasurementRequest.all) == run([]))
    }
}
