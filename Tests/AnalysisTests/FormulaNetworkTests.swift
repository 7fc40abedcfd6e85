import Analysis
import Expressions
import Kernels
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

/// Networks whose f, activation and branches are formulas.
@Suite struct FormulaNetworkTests {
    /// What the options of the command line would say.
    struct Words {
        var shortcut = "identity"
        var activation = "relu"
        var after: String?
        var branchScale = "1"
        var dropPath = "0"
        var initials: [String: String] = [:]
        var layout = UnitLayout.fullPreactivation

        func design(unitsPerStage: Int = 2) throws -> NetworkDesign {
            let places = ExpressionReader().ofPositions
            let reader = ExpressionReader(initials: try initials.mapValues { try places.expression($0) })
            var design = NetworkDesign(
                block: .basic, unitsPerStage: unitsPerStage, layout: layout,
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

    private func result<Scalar: KernelScalar>(
        _ design: NetworkDesign, in precision: Scalar.Type
    ) throws -> AnalysisResult {
        let shape = Shape(6, 3, 8, 8)
        let images: Tensor<Double> = randomTensor(shape, seed: 3, name: "images")
        let batch = LabelledBatch<Scalar>(
            images.elements.map { Scalar($0) }, shape: shape, labels: (0..<6).map { $0 % 3 })
        let network = try Network<Scalar>(design, parameters: HeInitialization(seed: 3))
        return try SignalAnalysis(network, on: batch, options: AnalysisOptions(probes: .all)).run()
    }

    /// Eqn. 3–8: probes, differences of the loss and the sum g = d + w.
    @Test(
        arguments: [
            Words(after: "expr: max(x, 0.1*x)"), Words(after: "tanh", layout: .original),
            Words(activation: "gelu"), Words(activation: "expr: where(x > 0, x, 0.1*x)", layout: .original),
            Words(branchScale: "1/sqrt(L)"), Words(branchScale: "[1, 0.5]", dropPath: "0.5*t"),
            Words(branchScale: "@a", initials: ["a": "0.3"]),
            Words(
                shortcut: "expr: @a*x + @b*tanh(x)", branchScale: "@g[n]",
                initials: ["a": "1", "b": "t", "g": "0.5"]),
            Words(
                activation: "expr: max(x, 0) + @p[n]*min(x, 0)", after: "expr: x + @q*tanh(x)",
                initials: ["p": "0.25", "q": "0.1"]),
            Words(shortcut: "scale: 1 - l/(2*L)"), Words(shortcut: "gate-shortcut: -6*t"),
            Words(shortcut: "dropout: 0.5*t"),
        ])
    func proofsHold(words: Words) throws {
        let design = try words.design()
        let double = try result(design, in: Double.self)
        #expect(double.allChecksHold, "\(words): \(double.checks)")
        let single = try result(design, in: Float.self)
        #expect(single.allChecksHold, "\(words): \(single.checks)")
    }

    /// ReZero and SkipInit (theory.md, section 3): at α = 0 every unit is the identity, exactly.
    @Test func reZeroBeginsAsTheIdentity() throws {
        let zero = try result(
            Words(branchScale: "@a", initials: ["a": "0"]).design(unitsPerStage: 3), in: Double.self)
        for stage in zero.network.stages {
            let rows = zero.units[stage.firstUnit...stage.lastUnit]
            #expect(Set(rows.map(\.gradient)).count == 1 && Set(rows.map(\.forwardRMS)).count == 1)
            #expect(rows.allSatisfy { $0.throughWeightsLog10 == nil })
        }
        let functions = zero.network.functions
        #expect(functions.map(\.name) == ["β"] && functions[0].starts == ["@a": "0"])
    }

    /// A branch's factor is the same as weights that are as much smaller, where nothing normalises behind them.
    @Test func branchScaleIsAFactor() throws {
        let half = try result(Words(branchScale: "0.5").design(), in: Double.self)
        let mu = try result(Words(shortcut: "scale1,0.5").design(), in: Double.self)
        #expect(half.units.map(\.gradient) == mu.units.map(\.gradient))
    }

    /// Learned numbers: one a unit for h, F and f together, one an activation, @a[n] one a channel.
    @Test func learnedNumbersAreParameters() throws {
        let design = try Words(
            shortcut: "expr: @a*x", activation: "expr: x*sigmoid(@b*x)", after: "expr: x + @a*tanh(x)",
            branchScale: "@g[n]", initials: ["a": "1 - t", "b": "1", "g": "1/n"]
        ).design(unitsPerStage: 1)
        let network = try Network<Double>(design, parameters: HeInitialization(seed: 0))
        var found: [String: [Double]] = [:]
        for parameter in network.parameters {
            guard case .constant = parameter.role, !parameter.name.contains("bn"),
                parameter.name != "head.fc.bias"
            else { continue }
            found[parameter.name] = parameter.values.elements
        }
        var expected: [String: [Double]] = [:]
        for (l, width) in [4, 8, 16].enumerated() {
            expected["units.\(l).a"] = [1 - Double(l) / 3]
            expected["units.\(l).g"] = Array(repeating: 1 / Double(width), count: width)
        }
        #expect(found == expected)
        let activations = network.parameters.map(\.name).filter { $0.hasSuffix(".activation.b") }
        // stem, two in each of three units but for the first one's leading activation, head
        #expect(activations.count == 7 && activations.first == "stem.bn.activation.b", "\(activations)")
        #expect(throws: NetworkError.self) {
            try Words(shortcut: "expr: @a[n]*x", branchScale: "@a", initials: ["a": "1"]).design().model(
                batch: 2)
        }
    }

    /// A dropped path leaves a sample's x_l as it is; in inference the branch is multiplied by 1 − p.
    @Test func droppedPathsAreWholeSamples() throws {
        let design = try Words(dropPath: "[0, 0.999999]").design()
        let model = try design.model(batch: 5)
        let masks = model.buffers.filter { $0.name.hasSuffix("drop_path.mask") }
        #expect(masks.map(\.name) == [1, 3, 5].map { "units.\($0).branch.drop_path.mask" })
        #expect(masks.allSatisfy { $0.shape == Shape(5, 1) })
        let result = try result(design, in: Double.self)
        for l in [1, 3, 5] { #expect(result.units[l].gradient == result.units[l + 1].gradient) }
        let scales = try design.model(batch: 5, mode: .inference).graph.nodes.filter {
            $0.label.hasSuffix("drop_path.mask")
        }
        #expect(scales.count == 3)
    }

    @Test func namesAreTheWordsThatMakeThem() throws {
        let reader = ExpressionReader(parameters: ["a": 0.25])
        for (word, name) in [
            ("relu", "relu"), ("expr: relu(x)", "relu"), ("gelu", "gelu"), ("expr: a*x", "expr: 0.25*x"),
            ("identity", "identity"), ("leaky_relu", "leaky_relu"),
        ] {
            let activation = try FunctionVocabulary.activation(for: word, reader: reader)
            #expect(activation.name == name)
            #expect(try FunctionVocabulary.activation(for: name, reader: reader).name == name)
        }
        #expect(try FunctionVocabulary.afterAddition(for: "identity", reader: reader).name == "identity")
        #expect(try FunctionVocabulary.afterAddition(for: "expr: x", reader: reader).order.isEmpty)
        #expect(throws: VocabularyError.self) {
            try FunctionVocabulary.activation(for: "jelu", reader: reader)
        }
        #expect(throws: VocabularyError.self) {
            try FunctionVocabulary.afterAddition(for: "expr: 1", reader: reader)
        }
    }
}
