import Analysis
import Foundation
import Graphs
import Kernels
import Operators
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

/// A forward pass that leaves the range of Double is a finding, not a crash.
@Suite("Overflow of the forward pass")
struct OverflowTests {
    /// A stack without batch normalisation, the named parameters multiplied.
    private func result(_ factors: [String: Double]) throws -> AnalysisResult {
        let design = NetworkDesign(
            architecture: DenseArchitecture(), block: .single, unitsPerStage: 8, layout: StackCase.bareLayout,
            baseWidth: 5, classes: 3, input: Shape(1, 4))
        let source = factors.reduce(HeInitialization(seed: 1) as any ParameterSource) { base, scaled in
            ScaledParameters(base, factor: scaled.value) { $0 == scaled.key }
        }
        let shape = Shape(6, 4)
        let images: Tensor<Double> = randomTensor(shape, seed: 1, name: "images")
        return try SignalAnalysis<Double>(
            Network(design, parameters: source),
            on: LabelledBatch(images.elements, shape: shape, labels: [0, 1, 2, 0, 1, 2]),
            options: AnalysisOptions(probes: .all)
        ).run()
    }

    /// x_3 and x_4 of size 1e140 are finite; x_5 would be 1e360.
    @Test func namesTheFirstUnitAndKeepsTheRowsBelow() throws {
        let result = try result(["units.2.branch.conv1.weight": 1e140, "units.4.branch.conv1.weight": 1e220])
        #expect(result.firstNonFiniteUnit == 5)
        #expect(result.loss == nil)
        #expect(result.units.count == 9, "all rows are there")
        #expect(result.probes.isEmpty)
        for unit in result.units {
            #expect((unit.forwardRMS != nil) == (unit.unit < 5), "x_\(unit.unit)")
            #expect(unit.gradientLog10 == nil && unit.directLog10 == nil && unit.decompositionError == nil)
            #expect(unit.forwardRMS.map(\.isFinite) ?? true)
        }
        let finite = try #require(result.checks.first { $0.name == "finite" })
        #expect(finite.passed == false && finite.worstUnit == 5)
        #expect(!result.allChecksHold)
        #expect(result.verdict.carrier == .neither)
        #expect(result.verdict.sentences.count == 1)
        #expect(result.verdict.sentences[0].contains("the first non-finite value is at unit 5"))
    }

    /// Logits that are not finite are those of the head, L + 1.
    @Test func namesTheHead() throws {
        let result = try result(["head.fc.weight": .infinity])
        #expect(result.firstNonFiniteUnit == 9)
        #expect(result.units.allSatisfy { $0.forwardRMS != nil })
        #expect(result.verdict.sentences[0].contains("in the head"))
    }

    @Test func stemThatOverflowsLeavesNoRow() throws {
        let result = try result(["stem.bn.weight": .infinity])
        #expect(result.firstNonFiniteUnit == 0)
        #expect(result.units.allSatisfy { $0.forwardRMS == nil })
    }

    /// Values near the end of the range are large, not infinite.
    @Test func largeIsNotInfinite() throws {
        let result = try result(["units.2.branch.conv1.weight": 1e200])
        #expect(result.firstNonFiniteUnit == nil)
        #expect(abs(log10(result.units[3].forwardRMS ?? .nan) - 200) < 2)
        #expect(result.units[3].channelVariance == nil, "a square above the range")
        #expect(result.checks.first { $0.name == "forward_identity" }?.passed == true)
    }
}

/// A derivative that is not finite although every value is: h(x) = √|x| at the zeros that a ReLU leaves.
@Suite("Derivatives that are not finite")
struct NonFiniteDerivativeTests {
    private struct SquareRoot: ElementwiseOperator {
        let name = "SquareRoot"
        func value(at x: Double) -> Double { abs(x).squareRoot() }
        func derivative(at x: Double) -> Double { (x < 0 ? -0.5 : 0.5) / abs(x).squareRoot() }
    }

    private struct SquareRootShortcut: ShortcutDesign {
        let name = "square-root"
        func paths(
            at place: UnitPlace, branch: Graph.ValueID, in network: inout NetworkGraph
        ) throws -> UnitValues {
            UnitValues(shortcut: try network.apply(SquareRoot(), to: place.input), branch: branch)
        }
    }

    /// A gradient that is not a number must not read as a gradient of 0 with all checks held.
    @Test func areNoticed() throws {
        var stack = StackCase(seed: 1)
        (stack.isDense, stack.batch, stack.unitsPerStage, stack.width) = (true, 8, 4, 3)
        (stack.layout, stack.shortcut) = (.fullPreactivation, SquareRootShortcut())
        let network: Network<Double> = try stack.network()
        let result = try SignalAnalysis(network, on: stack.labelledBatch()).run()
        #expect(result.firstNonFiniteUnit == nil)
        #expect(result.units[0].gradientLog10 == nil)
        #expect(!result.allChecksHold, "\(result.checks)")
    }
}
