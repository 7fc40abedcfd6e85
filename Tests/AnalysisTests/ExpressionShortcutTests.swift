import Analysis
import Expressions
import Graphs
import Kernels
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

/// Shortcuts that are formulas.
@Suite struct ExpressionShortcutTests {
    private func result<Scalar: KernelScalar>(
        _ word: String, layout: UnitLayout = .fullPreactivation, in precision: Scalar.Type
    ) throws -> AnalysisResult {
        let design = NetworkDesign(
            block: .basic, unitsPerStage: 3, layout: layout,
            shortcut: try ShortcutVocabulary.paper.shortcut(for: word), baseWidth: 4, classes: 3,
            input: Shape(1, 3, 8, 8))
        let shape = Shape(6, 3, 8, 8)
        let images: Tensor<Double> = randomTensor(shape, seed: 3, name: "images")
        let batch = LabelledBatch<Scalar>(
            images.elements.map { Scalar($0) }, shape: shape, labels: (0..<6).map { $0 % 3 })
        let network = try Network<Scalar>(design, parameters: HeInitialization(seed: 3))
        return try SignalAnalysis(network, on: batch, options: AnalysisOptions(probes: .all)).run()
    }

    /// Eqn. 3–8 for an h that is no scaling: probes, differences of the loss and the sum g = d + w.
    @Test(arguments: [
        "expr: 0.9*x + 0.1*tanh(x)", "expr: max(x, 0.1*x)", "expr: gelu(x)", "expr: x/(1 + abs(x))",
        "expr: clip(x, -1, 1)", "expr: where(x > 0.2, x, 0.5*x^2)", "expr: (1 - t/2)*x + t*sin(x)",
    ])
    func proofsHold(word: String) throws {
        for layout in [UnitLayout.fullPreactivation, .original] {
            let double = try result(word, layout: layout, in: Double.self)
            #expect(double.allChecksHold, "\(double.checks)")
            #expect(double.units[0].shortcutProductLog10 == nil)
            #expect(try result(word, layout: layout, in: Float.self).allChecksHold)
        }
    }

    /// Where φ is λ·x the network is that of `scaleλ`, and reports its product.
    @Test(arguments: [("expr: 0.5*x", "scale0.5"), ("expr: x", "identity"), ("expr: x/4", "scale0.25")])
    func scalingsAreScalings(formula: String, word: String) throws {
        let (found, expected) = (try result(formula, in: Double.self), try result(word, in: Double.self))
        #expect(found.units.map(\.gradient) == expected.units.map(\.gradient))
        #expect(found.units.map(\.direct) == expected.units.map(\.direct))
        #expect(found.units.map(\.shortcutProductLog10) == expected.units.map(\.shortcutProductLog10))
    }

    /// x_0 has been rectified: a good half of its elements are 0.
    @Test(arguments: [
        ("expr: log(x)", "log of 0 in log(x)"), ("expr: x + 1/x", "division by zero in 1/x"),
        ("expr: sqrt(x - 0.1)", "sqrt of a negative number in sqrt(x - 0.1)"),
    ])
    func elementsOutsideTheDomainAreCounted(word: String, reason: String) throws {
        let error = #expect(throws: GraphError.self) { try result(word, in: Float.self) }
        let text = error.map(\.description) ?? ""
        #expect(text.contains("units.0.shortcut.expression") && text.contains(reason), "\(text)")
        #expect(text.contains(#/ at \d+ elements, [3-7]\d(\.\d)? % of all/#), "\(text)")
    }

    /// l, L, s, n and t are those of the unit.
    @Test func placesHaveTheirNumbers() throws {
        func factors(_ word: String) throws -> [ShortcutFactor] {
            let design = NetworkDesign(
                block: .basic, unitsPerStage: 2, shortcut: try ShortcutVocabulary.paper.shortcut(for: word),
                baseWidth: 4, classes: 3, input: Shape(1, 3, 8, 8))
            return try design.model(batch: 4).model.units.map(\.factor)
        }
        #expect(throws: NetworkError.self) { try factors("expr: x/l") }
        #expect(try factors("expr: (1 - where(l > 0, exp(-1/l), 0))*x")[0] == .exact(1))
        #expect(try factors("expr: x - x/L")[1] == .exact(1 - 1 / 6.0))
        #expect(try factors("expr: l*x") == [0, 1, 2, 3, 4, 5].map { .exact($0) })
        #expect(try factors("expr: x/L") == Array(repeating: .exact(1 / 6.0), count: 6))
        #expect(try factors("expr: s*x") == [0, 0, 1, 1, 2, 2].map { .exact($0) })
        #expect(try factors("expr: n*x") == [4, 4, 8, 8, 16, 16].map { .exact($0) })
        #expect(try factors("expr: t*x") == [0, 1, 2, 3, 4, 5].map { .exact($0 / 6) })
    }

    /// Where f makes many elements of x_l exactly 0, or the bound of a `clip`, and what reads x_l has a kink there,
    /// differences of the loss take the mean of its sides.
    @Test(arguments: [FormulaCase(seed: 395), FormulaCase(seed: 840)])
    func differencesOfTheLossRaiseNoFalseAlarm(of drawn: FormulaCase) throws {
        let result = try SignalAnalysis(
            drawn.network(), on: drawn.stack.labelledBatch(), options: AnalysisOptions(probes: .all),
            masks: SeededMasks(seed: drawn.seed)
        ).run()
        #expect(result.allChecksHold, "\(result.checks.filter { $0.passed == false })")
        #expect(result.probes.contains { $0.probeErrorLoss != nil })
    }

    /// x is in the formula, and not in what it is at unit 0.
    @Test(arguments: ["expr: cos(t*x)", "expr: max(t*x, @a)", "expr: where(l == 0, @a[n], x)"])
    func constantsAtOneUnitAreNamed(word: String) throws {
        let reader = ExpressionReader(initials: ["a": 1])
        for isShortcut in [true, false] {
            var design = NetworkDesign(
                block: .basic, unitsPerStage: 1, baseWidth: 4, classes: 3, input: Shape(1, 3, 8, 8))
            if isShortcut {
                design.shortcut = try ShortcutVocabulary.paper.shortcut(for: word, reader: reader)
            } else {
                design.after = try FunctionVocabulary.afterAddition(for: word, reader: reader)
            }
            let error = #expect(throws: NetworkError.self) { try design.model(batch: 4) }
            #expect(
                error.map { "\($0)" }?.contains("at unit 0 it is") == true, "\(String(describing: error))")
        }
    }

    @Test(arguments: ["expr: 3", "expr: 0*x", "expr: l/L"])
    func constantsAreNoShortcuts(word: String) {
        let error = #expect(throws: VocabularyError.self) { try ShortcutVocabulary.paper.shortcut(for: word) }
        #expect(error?.description.contains("is a constant, by which no signal passes") == true)
    }
}
