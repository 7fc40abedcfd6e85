import Expressions
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
        return try Loss.crossEntropy(Labels(batch.labels)).value(at: logits)
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

    /// Learned numbers of formulas: one a unit, and one a channel.
    @Test(arguments: [
        ("@a*x + 0.2*tanh(x)", "@b"), ("(1 - @a)*x", "@a"), ("x + @a*sin(x)", "@g[n]"),
    ])
    func learnedNumbers(shortcut: String, scale: String) throws {
        let reader = ExpressionReader(initials: ["a": 0.7, "b": 0.3, "g": 0.5])
        var design = NetworkDesign(
            block: .basic, unitsPerStage: 1,
            shortcut: try ShortcutVocabulary.paper.shortcut(for: "expr: " + shortcut, reader: reader),
            baseWidth: 2, classes: 3, input: Shape(1, 3, 4, 4))
        design.branchModulation.scale = try DepthSchedule(scale, reader: reader.ofUnits)
        let stack = OwnDesign(design: design)
        let (gradients, parameters) = try Self.gradients(of: stack)
        let learned = parameters.entries.filter { $0.name.split(separator: ".").count == 3 }
        #expect(learned.count >= 3)
        for parameter in learned {
            let gradient = try #require(gradients.byName[parameter.name])
            for index in gradient.elements.indices {
                let slopes = try [1e-4, 1e-5, 1e-6].map { step in
                    try
                        (stack.loss(moving: parameter.name, index, by: step)
                        - stack.loss(moving: parameter.name, index, by: -step)) / (2 * step)
                }
                // The best of a ladder of steps: truncation, rounding, and kinks of ReLU that a step may cross.
                let error = slopes.map { abs($0 - gradient.elements[index]) }.min() ?? .infinity
                #expect(
                    error < 1e-7 * max(1, abs(gradient.elements[index])),
                    "\(parameter.name) \(index): \(slopes)")
            }
        }
    }

    /// A network of its own, on random images.
    private struct OwnDesign {
        let design: NetworkDesign
        private let labels = [0, 1, 2, 0]
        private var images: Tensor<Double> { randomTensor(Shape(4, 3, 4, 4), seed: 9, name: "images") }

        init(design: NetworkDesign) { self.design = design }

        var batch: TrainingBatch<Double> { TrainingBatch(input: images, labels: labels) }

        func loss(moving name: String, _ index: Int, by step: Double) throws -> Double {
            let network = try Network<Double>(
                design, parameters: MovedParameter(name: name, index: index, step: step))
            let logits = try network.logits(of: images, masks: SeededMasks(seed: 0))
            return try Loss.crossEntropy(Labels(labels)).value(at: logits)
        }
    }

    private struct MovedParameter: ParameterSource {
        let name: String
        let index: Int
        let step: Double

        func values<Scalar: KernelScalar>(
            name: String, dimensions: [Int], role: ParameterRole
        ) throws -> Tensor<Scalar> {
            let values: Tensor<Scalar> = HeInitialization(seed: 4).values(
                name: name, dimensions: dimensions, role: role)
            guard name == self.name else { return values }
            var elements = values.elements
            elements[index] += Scalar(step)
            return Tensor(elements, shape: values.shape)
        }
    }

    private static func gradients(
        of own: OwnDesign
    ) throws -> (ParameterGradients<Double>, TrainedParameters<Double>) {
        let parameters = try TrainedParameters<Double>(own.design, from: HeInitialization(seed: 4))
        var gradients = ParameterGradients<Double>()
        _ = try GradientPass(
            TrainingPlan(own.design, batch: 4, .none), parameters, own.batch, masks: SeededMasks(seed: 0),
            accumulating: &gradients)
        return (gradients, parameters)
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
