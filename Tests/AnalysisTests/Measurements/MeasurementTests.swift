import Analysis
import Foundation
import Graphs
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
        let stack = LinearStack(matrix: [-0.95, 0, 0, 0], features: 2, count: 1)
        let analysis = try stack.analysis([.cancellation])
        let result = try analysis.run()
        let row = try #require(result.measurements?.cancellation?.first)
        // By hand: d = g_L[n], w = −0.95 (g_L[n])_1.
        let subject = try #require(analysis.subject as? NetworkSubject<Double>)
        let measured = try #require(
            try MeasuredStack(subject.network, on: subject.batch, masks: SeededMasks(seed: 0)))
        let top = measured.top.elements
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

    /// The norms of a random stack, against differences of the loss along each gradient: every parameter once, in the order
    /// of computation, whatever exponents are carried.
    @Test func parameterNormsAreSlopesOfTheLoss() throws {
        var stack = StackCase(seed: 8)
        (stack.decades, stack.shortcut) = (1, ExclusiveGateShortcut(bias: -1))
        let network: Network<Double> = try stack.network()
        let batch: LabelledBatch<Double> = stack.labelledBatch()
        let result = try SignalAnalysis(
            network, on: batch,
            options: AnalysisOptions(probes: .none, seed: stack.seed, measurements: [.parameterGradients])
        ).run()
        let rows = try #require(result.measurements?.parameterGradients)
        #expect(rows.map(\.parameter) == network.parameters.map(\.name))
        let model = try network.model(batch: batch.input.shape.batch)
        let plan = EvaluationPlan(model.graph, derivativesTo: Set(model.parameters.map(\.value)))
        var arguments = try network.arguments(
            model, input: batch.input, masks: SeededMasks(seed: stack.seed))
        func evaluate() throws -> (GraphEvaluation<Double>, loss: Double, cotangent: ScaledTensor<Double>) {
            let evaluation = try GraphEvaluation(plan, arguments)
            let logits = try #require(evaluation[model.graph.output]).tensor
            let (loss, cotangent) = try Loss.crossEntropy(Labels(batch.labels)).evaluate(at: logits)
            return (evaluation, loss, cotangent)
        }
        let (evaluation, _, cotangent) = try evaluate()
        for (row, declared) in zip(rows, model.parameters) {
            let paths = try PathSweep(evaluation, from: cotangent, cutting: [], at: [declared.value])
            let gradient = try #require(paths[declared.value]).total.plain
            let size = norm(gradient)
            #expect(
                abs((row.gradientLog10.map { pow(10, $0) } ?? 0) - size) <= 1e-9 * size, "\(row.parameter)")
            guard size > 1e-6 else { continue }
            // Along the gradient the loss rises by its norm.
            let original = try #require(arguments.parameters[declared.name]).reshaped(gradient.shape)
            let step = 1e-6 * max(norm(original), 1)
            var losses: [Double] = []
            for sign in [1.0, -1] {
                arguments.parameters[declared.name] = combination(1, original, sign * step / size, gradient)
                losses.append(try evaluate().loss)
            }
            arguments.parameters[declared.name] = original
            let slope = (losses[0] - losses[1]) / (2 * step)
            // A central difference: curvature and rounding.
            #expect(abs(slope - size) < 1e-4 * size, "\(row.parameter): \(slope) for \(size)")
        }
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
        #expect(absurd.progressTotal > 0 && absurd.cost.memory > 0)
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
        // Lengths 0 and 1 through the branch, and what is above; 2 · 2 + 6 tensors of 6 × 8 doubles.
        #expect(
            analysis.cost.measurements == [
                MeasurementCost(name: "path-lengths:2", backwardPasses: 3, bytes: 10 * 6 * 8 * 8),
                MeasurementCost(name: "fits", backwardPasses: 0, bytes: 0),
            ])
        let plain = try LinearStack(features: 8, lambdas: [1, 1, 1], branches: [1, 1, 1]).analysis([])
        #expect(try plain.run().measurements == nil)
        #expect(analysis.cost.memory - plain.cost.memory == 10 * 6 * 8 * 8)
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
