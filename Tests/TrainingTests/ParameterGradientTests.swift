import Graphs
import Kernels
import NumericalMethods
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

@testable import Training

/// ∂E/∂θ of every parameter against central differences of the loss, for random stacks of every kind.
@Suite("Gradients of parameters")
struct ParameterGradientTests {
    /// Other parameters: those of a base plus `step` times a random direction, for the named one.
    private struct Shifted: ParameterSource {
        let base: VariedParameters
        let shifted: String
        let step: Double

        func values<Scalar: KernelScalar>(
            name: String, dimensions: [Int], role: ParameterRole
        ) throws -> Tensor<Scalar> {
            let values: Tensor<Scalar> = base.values(name: name, dimensions: dimensions, role: role)
            guard name == shifted else { return values }
            return combination(
                1, values, step, Self.direction(values.shape.count, name: name, as: Scalar.self))
        }

        static func direction<Scalar: KernelScalar>(
            _ count: Int, name: String, as type: Scalar.Type
        ) -> Tensor<Scalar> {
            randomTensor(Shape(count, 1), seed: 11, name: name)
        }
    }

    private static func loss(_ stack: StackCase, _ source: any ParameterSource) throws -> Double {
        let network = try Network<Double>(stack.design, parameters: source)
        let batch = stack.labelledBatch(in: Double.self)
        let logits = try network.logits(of: batch.input, masks: SeededMasks(seed: stack.seed))
        return try SoftmaxCrossEntropy(labels: batch.labels).evaluate(at: logits).loss
    }

    /// One backward pass that collects every gradient, as a step of training takes it.
    private static func gradients<Scalar: KernelScalar>(
        _ stack: StackCase, _ type: Scalar.Type
    ) throws -> (ParameterGradients<Scalar>, TrainedParameters<Scalar>) {
        let parameters = try TrainedParameters<Scalar>(
            stack.design, from: VariedParameters(seed: stack.seed, decades: 0))
        let batch = stack.labelledBatch(in: Scalar.self)
        let plan = try TrainingPlan(
            stack.design, batch: batch.labels.count,
            Checkpointing.allCases[Int(stack.seed % UInt64(Checkpointing.allCases.count))])
        var gradients = ParameterGradients<Scalar>()
        _ = try GradientPass(
            plan, parameters, TrainingBatch(input: batch.input, labels: batch.labels),
            masks: SeededMasks(seed: stack.seed), accumulating: &gradients)
        return (gradients, parameters)
    }

    /// Small, so that every parameter of every stack can be tried.
    private static func small(_ seed: UInt64) -> StackCase {
        var stack = StackCase(seed: seed)
        (stack.unitsPerStage, stack.width, stack.decades) = (min(2, stack.unitsPerStage), 2, 0)
        return stack
    }

    @Test(arguments: 1...24 as ClosedRange<UInt64>)
    func centralDifferencesOfTheLoss(seed: UInt64) throws {
        let stack = Self.small(seed)
        let (gradients, parameters) = try Self.gradients(stack, Double.self)
        #expect(Set(gradients.byName.keys) == Set(parameters.entries.map(\.name)), "\(stack)")
        let base = VariedParameters(seed: stack.seed, decades: 0)
        let largest = gradients.byName.values.map(norm).max() ?? 0
        for parameter in parameters.entries {
            let gradient = try #require(gradients.byName[parameter.name])
            let v: Tensor<Double> = Shifted.direction(
                parameter.values.shape.count, name: parameter.name, as: Double.self)
            let slope = zip(gradient.elements, v.elements).reduce(0) { $0 + $1.0 * $1.1 }
            // The best of a ladder: a step that crosses a kink of ReLU says nothing, the next one need not.
            let errors = try [1e-5, 1e-6, 1e-7].map { step in
                let above = try Self.loss(stack, Shifted(base: base, shifted: parameter.name, step: step))
                let below = try Self.loss(stack, Shifted(base: base, shifted: parameter.name, step: -step))
                return abs((above - below) / (2 * step) - slope)
            }
            // Rounding of the loss, 1e−16, over the smallest step that truncation (1e−10) allows.
            let error = errors.min() ?? .infinity
            #expect(error < 1e-5 * max(abs(slope), 1e-2 * largest, 1e-4), "\(parameter.name) in \(stack)")
        }
    }

    /// The Float kernels find the same.
    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func floatAgreesWithDouble(seed: UInt64) throws {
        let stack = Self.small(seed)
        let (double, _) = try Self.gradients(stack, Double.self)
        let (float, _) = try Self.gradients(stack, Float.self)
        let largest = double.byName.values.map(norm).max() ?? 0
        for (name, expected) in double.byName {
            let found: Tensor<Double> = try #require(float.byName[name]).converted()
            let difference = zip(found.elements, expected.elements).map { $0 - $1 }.map(abs).max() ?? 0
            // Float's rounding through a few layers; batch normalisation of few values amplifies it.
            #expect(difference < 2e-3 * largest, "\(name) in \(stack): \(difference)")
        }
    }
}
