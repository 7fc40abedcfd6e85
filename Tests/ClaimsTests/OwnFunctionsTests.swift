import Claims
import Expressions
import Graphs
import Kernels
import ProofSupport
import ResidualNetworks
import Testing

/// What the paper says of units with functions of one's own.
@Suite("Claims on functions of one's own")
struct OwnFunctionsTests {
    private func functions(
        _ shortcut: String, after: String? = nil, layout: UnitLayout = .fullPreactivation
    ) -> OwnFunctions {
        OwnFunctions { design in
            let reader = ExpressionReader()
            design.layout = layout
            design.shortcut = try ShortcutVocabulary.paper.shortcut(for: shortcut, reader: reader)
            design.after = try after.map { try FunctionVocabulary.afterAddition(for: $0, reader: reader) }
        }
    }

    @Test(
        arguments: [
            ("identity", nil, ["eqn7", "eqn8", "first-term", "shortcut-product"]),
            ("scale: 1 - l/(2*L)", nil, ["eqn7", "eqn8", "first-term", "shortcut-product"]),
            ("expr: 0.9*x + 0.1*tanh(x)", nil, ["derivatives", "eqn8", "first-term"]),
            ("identity", "expr: max(x, 0.1*x)", ["derivatives", "eqn8", "first-term"]),
            ("gate-shortcut: -6*t", nil, ["eqn8"]), ("dropout: 0.5*t", nil, ["eqn8"]),
            // Affine h and f have slopes that are numbers, and are no factors.
            ("expr: x + 0.1*sign(x)", nil, ["derivatives", "eqn8", "first-term"]),
            ("expr: x + 1", nil, ["derivatives", "eqn8", "first-term"]),
            ("identity", "expr: x + 0.1", ["derivatives", "eqn8", "first-term"]),
            // Arguments that rounding moves far, in single precision.
            ("expr: x + 0.001*sin(1000*x)", nil, ["derivatives", "eqn8", "first-term"]),
            ("expr: x/(1 + abs(x))", "tanh", ["derivatives", "eqn8", "first-term"]),
        ] as [(String, String?, [String])])
    func thoseThatApplyHold(shortcut: String, after: String?, names: [String]) throws {
        let (claims, omitted) = try functions(shortcut, after: after).claims()
        #expect(claims.map(\.name) == names)
        #expect(Set(omitted.map(\.name)).isDisjoint(with: names))
        for seed: UInt64 in [0, 5] {
            let double = try ClaimReport(testing: claims, on: TestBench<Double>(seed: seed))
            #expect(double.allHold, "\(double.findings)")
            let single = try ClaimReport(testing: claims, on: TestBench<Float>(seed: seed))
            #expect(single.allHold, "\(single.findings)")
        }
    }

    /// Every claim that can be made of λ_l·x notices a network whose factors, or whose derivatives, are others.
    @Test(
        arguments: [
            (0.999, false, ["eqn7", "first-term", "shortcut-product"]),
            (1, true, ["eqn8", "first-term", "shortcut-product"]),
        ] as [(Double, Bool, [String])])
    func wrongFactorsFail(factor: Double, isOnlyOfDerivative: Bool, names: [String]) throws {
        let (claims, _) = try functions("scale: [0.9, 1.2]").claims()
        let bench = TestBench<Double> { design, source in
            guard isOnlyOfDerivative else {
                var other = design
                other.shortcut = try ShortcutVocabulary.paper.shortcut(
                    for: "scale: [0.9*\(factor), 1.2]", reader: ExpressionReader())
                return try Network(other, parameters: source)
            }
            return try Network(design, parameters: source).replacing { model, id, operation, operands in
                let isScale = model.graph.nodes[id].label.hasSuffix("shortcut.scale")
                return (isScale ? Mutant(operation, .multiplied(by: 1.001, slot: 0)) : operation, operands)
            }
        }
        let report = try ClaimReport(testing: claims, on: bench)
        #expect(report.findings.filter { !$0.passed }.map(\.name) == names, "\(report.findings)")
    }

    /// The first term is known from the formula alone: a shortcut whose derivative is wrong both ways is found by it.
    @Test func wrongDerivativesFail() throws {
        let (claims, _) = try functions("expr: 0.9*x + 0.1*tanh(x)").claims()
        let bench = TestBench<Double> { design, source in
            try Network(design, parameters: source).replacing { model, id, operation, operands in
                let isShortcut = model.graph.nodes[id].label.hasSuffix("shortcut.expression")
                let mutant = Mutant(operation, .multiplied(by: 1 + 1e-6, slot: 0), bothWays: true)
                return (isShortcut ? mutant : operation, operands)
            }
        }
        let report = try ClaimReport(testing: claims.filter { $0.name != "derivatives" }, on: bench)
        // Both modes agree in it, so that no probe can tell; differences of the loss are too coarse for 1e−6.
        #expect(report.findings.filter { !$0.passed }.map(\.name) == ["first-term"], "\(report.findings)")
    }
}
