import Analysis
import DataSets
import Expressions
import Kernels
import ResidualNetworks
import Tensors
import Testing

/// The measurement beside theory: sound networks agree, and a network that is not what its design says is found out.
@Suite struct TheoryComparisonTests {
    private static func design(
        _ shortcut: any ShortcutDesign = IdentityShortcut(), layout: UnitLayout = .fullPreactivation
    ) -> NetworkDesign {
        NetworkDesign(block: .basic, unitsPerStage: 6, layout: layout, shortcut: shortcut)
    }

    /// Measures a network built to one design and held against another.
    private func verdicts(
        built: NetworkDesign, claimed: NetworkDesign, mode: AnalysisOptions.Mode = .training
    ) throws -> [String: QuantityVerdict] {
        let images = try NoiseImages().batch(size: 8, seed: 3)
        let batch = LabelledBatch<Float>(images.pixels, shape: Shape(8, 3, 32, 32), labels: images.labels)
        let network = try Network<Float>(design: claimed, parameters: HeInitialization(seed: 3)) {
            try built.model(batch: $0, mode: $1)
        }
        let analysis = try SignalAnalysis(
            network, on: batch,
            options: AnalysisOptions(mode: mode, probes: .none, seed: 3, comparesWithTheory: true))
        let result = try analysis.run()
        #expect(result.theory.count == 4)
        return Dictionary(uniqueKeysWithValues: result.theory.map { ($0.quantity, $0) })
    }

    @Test(
        "Sound networks agree",
        arguments: [IdentityShortcut() as any ShortcutDesign, ScalingShortcut(lambda: 0.5)])
    func soundNetworksAgree(shortcut: any ShortcutDesign) throws {
        let design = Self.design(shortcut)
        for verdict in try verdicts(built: design, claimed: design).values {
            #expect(verdict.outcome == .agrees, "\(verdict)")
        }
    }

    /// Two values a channel become ±1, whatever their size.
    @Test("Theory does not judge a network whose normalisations see two values a channel")
    func signsAreNotJudged() throws {
        let design = NetworkDesign(
            architecture: DenseArchitecture(), block: .basic, unitsPerStage: 3, baseWidth: 32)
        func outcomes(batch size: Int) throws -> [QuantityVerdict] {
            let images = try NoiseImages().batch(size: size, seed: 3)
            let batch = LabelledBatch<Float>(
                images.pixels, shape: Shape(size, 3, 32, 32), labels: images.labels)
            let network = try Network<Float>(design, parameters: HeInitialization(seed: 3))
            return try SignalAnalysis(
                network, on: batch,
                options: AnalysisOptions(probes: .none, seed: 3, comparesWithTheory: true)
            ).run().theory
        }
        for verdict in try outcomes(batch: 2) {
            #expect(verdict.outcome == .cannotSay)
            #expect(verdict.reason?.contains("stem.bn has 2 a channel") == true)
        }
        #expect(try outcomes(batch: 16).allSatisfy { $0.reason?.contains("a channel") != true })
        #expect(throws: NetworkError.singleValueStatistics(name: "stem.bn")) { try outcomes(batch: 1) }
    }

    @Test("A doubled λ departs at once: log10 2 is twice what is allowed")
    func doubledScale() throws {
        let found = try verdicts(built: Self.design(), claimed: Self.design(ScalingShortcut(lambda: 0.5)))
        #expect(found["direct_log10"]?.outcome == .departs)
        #expect(found["direct_log10"]?.unit == 17)
    }

    @Test("A dropped mask departs: every mask takes half the energy of the direct term")
    func droppedMask() throws {
        let found = try verdicts(
            built: Self.design(), claimed: Self.design(DropoutShortcut(dropProbability: 0.5)))
        #expect(found["direct_log10"]?.outcome == .departs)
    }

    /// One layer a branch: a second BN would undo the factor. Wide, so that seeds scatter less than it.
    @Test("BN and ReLU in the wrong order depart: what the convolution reads has then twice the energy")
    func swappedActivation() throws {
        func design(_ layout: UnitLayout) -> NetworkDesign {
            NetworkDesign(block: .single, unitsPerStage: 6, layout: layout, baseWidth: 48)
        }
        let swapped = UnitLayout(name: "swapped", leading: [.activation, .normalization])
        let sound = try verdicts(built: design(.fullPreactivation), claimed: design(.fullPreactivation))
        let found = try verdicts(built: design(swapped), claimed: design(.fullPreactivation))
        #expect(sound["forward_rms"]?.outcome == .agrees, "\(sound)")
        #expect(found["forward_rms"]?.outcome == .departs, "\(found)")
    }

    @Test("What theory does not know is said")
    func unknown() throws {
        let design = Self.design(DropoutShortcut(dropProbability: 0.5))
        let found = try verdicts(built: design, claimed: design, mode: .inference)
        #expect(found["direct_log10"]?.reason == "theory here is of dropout in training")
        #expect(found.values.allSatisfy { $0.outcome == .cannotSay })
    }

    /// A schedule's dropout, and dropped branches, are of training too.
    @Test("Whatever drops at random is not judged in inference")
    func randomDrops() throws {
        var design = Self.design(try ShortcutVocabulary.paper.shortcut(for: "dropout: 0.5*t"))
        for _ in 0..<2 {
            let found = try verdicts(built: design, claimed: design, mode: .inference)
            #expect(found["direct_log10"]?.reason == "theory here is of dropout in training")
            design.shortcut = IdentityShortcut()
            design.branchModulation.dropPath = try DepthSchedule("0.2*t", reader: ExpressionReader())
        }
    }

    @Test(
        "Sound networks with formulas agree, where theory says all it knows",
        arguments: ["gelu", "tanh", "expr: max(x, 0.1*x)"])
    func formulasAgree(activation: String) throws {
        var design = Self.design(try ShortcutVocabulary.paper.shortcut(for: "scale: 1 - l/(4*L)"))
        design.activation = try FunctionVocabulary.activation(for: activation, reader: ExpressionReader())
        for verdict in try verdicts(built: design, claimed: design).values {
            #expect(verdict.outcome == .agrees, "\(verdict)")
        }
    }

    @Test("A formula without a Gaussian expectation cannot be judged, and the reason is said")
    func unknownFormula() throws {
        var design = Self.design()
        design.after = try FunctionVocabulary.afterAddition(
            for: "expr: sqrt(abs(x))", reader: ExpressionReader())
        for verdict in try verdicts(built: design, claimed: design).values {
            #expect(verdict.outcome == .cannotSay)
            #expect(verdict.reason?.contains("does not converge") == true, "\(verdict)")
        }
    }

    @Test("Without being asked, nothing is compared")
    func silentByDefault() throws {
        let images = try NoiseImages().batch(size: 2, seed: 3)
        let batch = LabelledBatch<Float>(images.pixels, shape: Shape(2, 3, 32, 32), labels: images.labels)
        let network = try Network<Float>(Self.design(), parameters: HeInitialization(seed: 3))
        let result = try SignalAnalysis(network, on: batch).run()
        #expect(result.theory.isEmpty && result.units.allSatisfy { $0.predicted == nil })
    }
}
