import Analysis
import Expressions
import Graphs
import ONNX
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

/// Networks of formulas, schedules and learned numbers, written as elementary operators and read again.
struct FormulaNetworksTests {
    struct Words: Sendable {
        var shortcut = "identity"
        var activation = "relu"
        var after: String?
        var branchScale = "1"
        var dropPath = "0"
        var initials: [String: String] = [:]
        var layout = UnitLayout.fullPreactivation

        func design() throws -> NetworkDesign {
            let places = ExpressionReader().ofPositions
            let reader = ExpressionReader(initials: try initials.mapValues { try places.expression($0) })
            var design = NetworkDesign(
                block: .basic, unitsPerStage: 2, layout: layout,
                shortcut: try ShortcutVocabulary.paper.shortcut(for: shortcut, reader: reader), baseWidth: 4,
                classes: 3, input: Shape(1, 3, 8, 8))
            design.activation = try FunctionVocabulary.activation(for: activation, reader: reader)
            design.after = try after.map { try FunctionVocabulary.afterAddition(for: $0, reader: reader) }
            let scale = try FunctionVocabulary.schedule(branchScale, reader: reader.ofUnits)
            let drop = try FunctionVocabulary.schedule(dropPath, reader: reader.ofPositions)
            design.branchModulation = BranchModulation(
                scale: scale.constant == 1 ? nil : scale, dropPath: drop.constant == 0 ? nil : drop)
            return design
        }
    }

    /// Every function of the vocabulary, and every place that a formula can stand in.
    static let all: [Words] =
        Function.allCases.filter { ![.log, .sqrt, .sign, .step].contains($0) }.map {
            Words(activation: "expr: \($0.rawValue)(0.5*x)")
        } + [
            Words(activation: "leaky_relu"), Words(activation: "gelu"), Words(activation: "silu"),
            Words(activation: "identity", layout: .original),
            Words(activation: "expr: log(1 + x^2)"), Words(activation: "expr: sqrt(1 + x*x) - 1"),
            Words(activation: "expr: x*sign(x) + step(x)*x"), Words(activation: "expr: clip(x, -1, 0.7)"),
            Words(activation: "expr: clip(x, -exp(x), 1 + x^2)"),
            Words(activation: "expr: where(x > 0, x, 0.1*x)", layout: .original),
            Words(activation: "expr: where((x >= -1)*(x <= 2), x, x/3)"),
            Words(activation: "expr: (x != 0)*x + (x == 0) + (x < -9)"),
            Words(activation: "expr: where(relu(x), x, x^3)"), Words(activation: "expr: x/(1 + abs(x))^1.5"),
            Words(after: "expr: max(x, 0.1*x)"), Words(after: "expr: min(x, tanh(x))", layout: .original),
            Words(after: "tanh", layout: .original), Words(after: "identity", layout: .original),
            Words(branchScale: "1/sqrt(L)"), Words(branchScale: "[1, 0.5]", dropPath: "0.5*t"),
            Words(branchScale: "@a", initials: ["a": "0.3"]),
            Words(
                shortcut: "expr: @a*x + @b*tanh(x)", branchScale: "@g[n]",
                initials: ["a": "1", "b": "t", "g": "0.5"]),
            Words(
                activation: "expr: max(x, 0) + @p[n]*min(x, 0)", after: "expr: x + @q*tanh(x)",
                initials: ["p": "0.25", "q": "0.1"]),
            Words(activation: "expr: leaky_relu(x, @p[n])", initials: ["p": "0.25"]),
            Words(shortcut: "expr: 0.9*x + 0.1*tanh(x)"), Words(shortcut: "expr: x - 0.1*x^3/(1 + x^2)"),
            // No bias of 0, which is read as none.
            Words(shortcut: "scale: 1 - l/(2*L)"), Words(shortcut: "gate-shortcut: -6*t - 1"),
            Words(shortcut: "dropout: 0.5*t"),
        ]

    /// Not bit for bit in single precision: kernels compute a formula in that precision as a whole, and operators by
    /// themselves each in double precision and rounded. A row of a ReLU network may then differ by a unit that is on here and
    /// off there.
    @Test("Rows are the same", arguments: all, [AnalysisOptions.Mode.training, .inference])
    func rows(words: Words, mode: AnalysisOptions.Mode) throws {
        let again = try ReadAgain<Double>(words.design(), mode: mode)
        #expect(again.found.units.map(\.label) == again.built.model.units.map(\.label))
        let (built, read) = try again.results()
        #expect(differences(built.numbers, read.numbers, tolerance: 1e-6) == [])
        #expect(read.allChecksHold, "\(read.checks)")
        #expect(
            ModelSubject(again.found, again.read.arguments, loss: again.built.loss).parameters.map(\.name)
                .sorted()
                == again.built.parameters.map(\.name).sorted())
    }

    @Test(
        "Schedules and learned factors are the paper's operators: bit for bit",
        arguments: [
            Words(branchScale: "1/sqrt(L)"), Words(branchScale: "[1, 0.3]", dropPath: "0.5*t"),
            Words(branchScale: "@a", initials: ["a": "0.3"]),
            Words(branchScale: "@g[n]", initials: ["g": "0.3"]),
            Words(shortcut: "scale: 1 - l/(3*L)"), Words(shortcut: "gate-shortcut: -6*t"),
            Words(shortcut: "dropout: 0.5*t"),
        ], [AnalysisOptions.Mode.training, .inference])
    func schedules(words: Words, mode: AnalysisOptions.Mode) throws {
        let (built, read) = try ReadAgain<Float>(words.design(), mode: mode).results()
        #expect(differences(built.numbers, read.numbers) == [])
    }
}
