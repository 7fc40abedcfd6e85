import Analysis
import Expressions
import Foundation
import Graphs
import Kernels
import Operators
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

/// Networks with formulas against an independent framework, in Double: Tests/Fixtures/README.md describes the numbers.
@Suite("An independent framework's numbers for formulas")
struct FormulaAgreementTests {
    /// A relative error of a norm, and of a component of a vector relative to the vector's. The script refuses a case
    /// whose numbers move by more than 1e−11 where inputs move by rounding.
    private static let tolerance = 1e-9

    @Test func twentyFormulasInEveryPlace() throws {
        let cases = try FormulaFixture.load()
        for place in ["h", "f", "activation"] {
            #expect(Set(cases.compactMap { $0.formulas[place] }).count >= 20, "\(place)")
        }
        #expect(Set(cases.map(\.configuration.unit)).count == 2)
    }

    @Test(arguments: try FormulaFixture.load())
    fileprivate func everyNumberAgrees(fixture: FormulaFixture.Case) throws {
        let source = FixtureParameters()
        let network = try Network<Double>(fixture.design(), parameters: source)
        let batch = fixture.batch
        let result = try SignalAnalysis(
            network, on: batch, options: AnalysisOptions(probes: .all, measurements: [.parameterGradients]),
            masks: source.formula
        ).run()
        let stack = try #require(try MeasuredStack(network, on: batch, masks: source.formula))
        expectEqual(result.loss, fixture.loss, relativeTo: fixture.loss, "loss")
        #expect(result.allChecksHold, "\(result.checks)")
        #expect(fixture.columns.count == 7)
        for (l, row) in result.units.enumerated() {
            let expected = try fixture.columns.mapValues { try #require($0.count > l ? $0[l] : nil) }
            expectEqual(
                row.forwardRMS, expected["forward_rms"], relativeTo: expected["forward_rms"] ?? 0, "x_\(l)")
            let paths = try #require(stack.paths(at: l))
            let terms = [
                ("gradient", paths.total.plain, row.gradient), ("direct", paths.direct.plain, row.direct),
                ("through_weights", paths.throughWeights.plain, row.throughWeights),
            ]
            let largest = terms.compactMap { expected[$0.0] }.max() ?? 0
            for (name, vector, reported) in terms {
                let place = "\(name) at x_\(l)"
                expectEqual(norm(vector), expected[name], relativeTo: largest, place)
                let norm = reported.value.map { pow(10, $0) } ?? 0
                expectEqual(norm, expected[name], relativeTo: largest, place)
                let along = Self.component(of: vector, at: l)
                expectEqual(along, expected[name + "_along"], relativeTo: largest, place)
            }
        }
        try compareLearned(fixture, network, stack, result)
    }

    /// Along a direction that is made as the weights are.
    private static func component(of vector: Tensor<Double>, at l: Int) -> Double {
        let count = vector.shape.count
        let direction = Tensor(
            FormulaParameters.spread("direction.\(l)", count: count, center: 0, width: 1), shape: vector.shape
        )
        return inner(vector, direction) / norm(direction)
    }

    private func compareLearned(
        _ fixture: FormulaFixture.Case, _ network: Network<Double>, _ stack: MeasuredStack<Double>,
        _ result: AnalysisResult
    ) throws {
        let names = network.parameters.filter(\.isLearned).map(\.name)
        #expect(Set(names) == Set(fixture.learned.keys), "\(fixture)")
        guard !names.isEmpty else { return }
        let gradients = try FixtureParameters.gradients(network, stack.model, on: fixture.batch)
        let reported = Dictionary(
            uniqueKeysWithValues: try #require(result.measurements?.parameterGradients).map {
                ($0.parameter, $0.gradientLog10)
            })
        for (name, expected) in fixture.learned {
            let found = try #require(gradients[name])
            // Next to the largest of any number of this name: each is a sum over batch, space and places that cancels.
            let largest = fixture.learned.values.joined().map(abs).max() ?? 0
            #expect(found.count == expected.count, "\(name)")
            for (found, expected) in zip(found, expected) {
                expectEqual(found, expected, relativeTo: largest, name)
            }
            let norm = reported[name].flatMap { $0 }.map { pow(10, $0) } ?? 0
            let size = expected.reduce(0) { $0 + $1 * $1 }.squareRoot()
            expectEqual(norm, size, relativeTo: max(size, largest), name)
        }
    }

    private func expectEqual(
        _ found: Double?, _ expected: Double?, relativeTo size: Double, _ place: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        guard let found, let expected else {
            Issue.record("\(place): a number is missing", sourceLocation: sourceLocation)
            return
        }
        // Where the size is 0 both are.
        #expect(
            abs(found - expected) <= Self.tolerance * abs(size), "\(place): \(found) against \(expected)",
            sourceLocation: sourceLocation)
    }
}

extension Parameter {
    fileprivate var isLearned: Bool { if case .constant = role { true } else { false } }
}

/// The fixtures' formula, with learned numbers that are another in every channel.
private struct FixtureParameters: ParameterSource {
    let formula = FormulaParameters()

    func values<Scalar: KernelScalar>(
        name: String, dimensions: [Int], role: ParameterRole
    ) -> Tensor<Scalar> {
        guard case .constant(let start) = role else {
            return formula.values(name: name, dimensions: dimensions, role: role)
        }
        let count = dimensions.reduce(1, *)
        let values = FormulaParameters.spread(name, count: count, center: start, width: 0.2)
        return Tensor(values.map { Scalar($0) }, shape: Shape(count, 1))
    }

    /// ∂E/∂θ of every parameter.
    static func gradients(
        _ network: Network<Double>, _ model: NetworkModel, on batch: LabelledBatch<Double>
    ) throws -> [String: [Double]] {
        let names = Dictionary(uniqueKeysWithValues: model.parameters.map { ($0.value, $0.name) })
        let plan = model.model.trainingPlan(derivativesTo: Set(names.keys), .none)
        let arguments = try network.arguments(model, input: batch.input, masks: FormulaParameters())
        let evaluation = try GraphEvaluation(plan, arguments)
        let (_, cotangent) = try Loss.crossEntropy(Labels(batch.labels)).evaluate(at: evaluation.output)
        var found: [String: [Double]] = [:]
        try ReverseSweep<Cotangent<Double>>(visiting: Set(names.keys)).run(
            evaluation, from: [model.graph.output: .resolved(cotangent)]
        ) { id, gradient in
            if let name = names[id] { found[name] = gradient.resolve().plain.elements }
        }
        return found
    }
}

/// Tests/Fixtures/pytorch-formulas.json.
private struct FormulaFixture: Decodable {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        struct Configuration: Decodable, Sendable {
            var block: String
            var unitsPerStage: Int
            var baseChannels: Int
            var classes: Int
            var inputShape: [Int]
            var unit: String
            var shortcut: String
        }
        var configuration: Configuration
        var formulas: [String: String]
        var starts: [String: String]
        var loss: Double
        var learned: [String: [Double]]
        var columns: [String: [Double]]

        var testDescription: String {
            let texts = formulas.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
            return
                "\(configuration.unit) \(configuration.block) \(configuration.shortcut) \(texts.joined(separator: ", "))"
        }

        func design() throws -> NetworkDesign {
            let (c, numbers) = (configuration, ExpressionReader().ofUnits)
            let reader = ExpressionReader(initials: try starts.mapValues { try numbers.expression($0) })
            func word(_ place: String) -> String? { formulas[place].map { "expr: \($0)" } }
            let shape = Shape(1, c.inputShape[1], c.inputShape[2], c.inputShape[3])
            var design = NetworkDesign(
                block: try #require(BlockDesign.paper.first { $0.name == c.block }),
                unitsPerStage: c.unitsPerStage,
                layout: try #require(UnitLayout.paper.first { $0.name == c.unit }),
                shortcut: try ShortcutVocabulary.paper.shortcut(for: word("h") ?? c.shortcut, reader: reader),
                baseWidth: c.baseChannels, classes: c.classes, input: shape)
            if let text = word("activation") {
                design.activation = try FunctionVocabulary.activation(for: text, reader: reader)
            }
            design.after = try word("f").map { try FunctionVocabulary.afterAddition(for: $0, reader: reader) }
            design.branchModulation.scale = try formulas["scale"].map {
                try FunctionVocabulary.schedule($0, reader: reader.ofUnits)
            }
            design.branchModulation.dropPath = try formulas["drop_path"].map {
                try FunctionVocabulary.schedule($0, reader: reader.ofPositions)
            }
            return design
        }

        var batch: LabelledBatch<Double> {
            let c = configuration
            let shape = Shape(c.inputShape[0], c.inputShape[1], c.inputShape[2], c.inputShape[3])
            return LabelledBatch(
                FormulaParameters.spread("input", count: shape.count, center: 0, width: 1.7), shape: shape,
                labels: (0..<shape.batch).map { (7 * $0 + 3) % c.classes })
        }
    }
    var cases: [Case]

    static func load() throws -> [Case] {
        let url = PyTorchFixture.directory().appending(path: "pytorch-formulas.json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(FormulaFixture.self, from: Data(contentsOf: url)).cases
    }
}
