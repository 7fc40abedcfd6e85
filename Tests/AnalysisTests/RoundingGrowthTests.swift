import Analysis
import Foundation
import Graphs
import Kernels
import Operators
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

/// The prediction of how many digits rounding leaves, against what rounding does.
@Suite("The horizon of reproducibility")
struct RoundingGrowthTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let depth: Int
        let block: BlockDesign
        let unitsPerStage: Int
        var layout = UnitLayout.fullPreactivation
        var word = "identity"

        var testDescription: String { "depth \(depth), \(layout.name), \(word)" }

        func design() throws -> NetworkDesign {
            NetworkDesign(
                architecture: CIFARArchitecture(), block: block, unitsPerStage: unitsPerStage, layout: layout,
                shortcut: try ShortcutVocabulary.paper.shortcut(for: word), baseWidth: 16, classes: 10,
                input: Shape(1, 3, 16, 16))
        }

        static let all = [
            Case(depth: 20, block: .basic, unitsPerStage: 3),
            Case(depth: 20, block: .basic, unitsPerStage: 3, word: "none"),
            Case(depth: 56, block: .basic, unitsPerStage: 9, layout: .original),
            Case(depth: 56, block: .basic, unitsPerStage: 9, layout: .normalizationAfterAddition),
            Case(depth: 56, block: .basic, unitsPerStage: 9, layout: .rectifierBeforeAddition),
            Case(depth: 56, block: .basic, unitsPerStage: 9, word: "gate-exclusive:-6"),
            Case(depth: 56, block: .basic, unitsPerStage: 9, word: "dropout0.5"),
            Case(depth: 56, block: .basic, unitsPerStage: 9, word: "conv1x1"),
            Case(depth: 110, block: .basic, unitsPerStage: 18),
            Case(depth: 110, block: .basic, unitsPerStage: 18, word: "scale0.5"),
            Case(depth: 110, block: .basic, unitsPerStage: 18, layout: .rectifierOnlyPreactivation),
            Case(depth: 1001, block: .bottleneck, unitsPerStage: 111),
            Case(depth: 1001, block: .bottleneck, unitsPerStage: 111, word: "scale0.5"),
        ]
    }

    /// Weights that are numbers of Float in either precision.
    private struct SingleWeights: ParameterSource {
        func values<Scalar: KernelScalar>(
            name: String, dimensions: [Int], role: ParameterRole
        ) -> Tensor<Scalar> {
            let single: Tensor<Float> = HeInitialization(seed: 1).values(
                name: name, dimensions: dimensions, role: role)
            return single.converted()
        }
    }

    private static let samples = 4
    private static let labels = [0, 1, 2, 3]
    private static let masks = SeededMasks(seed: 1)

    private static func images(_ design: NetworkDesign) -> [Float] {
        let images: Tensor<Float> = randomTensor(design.input.with(batch: samples), seed: 1, name: "images")
        return images.elements
    }

    /// x_0 … x_{L−1} of the network on images.
    private func states<Scalar: KernelScalar>(
        _ network: Network<Scalar>, _ images: [Scalar], _ design: NetworkDesign
    ) throws -> [Tensor<Scalar>] {
        let model = try network.model(batch: Self.samples)
        let rows = model.model.rows.dropLast().map { $0.values[0] }
        let plan = EvaluationPlan(
            model.graph.fused(keeping: model.model.observed), derivativesTo: [], keeping: Set(rows))
        let batch = LabelledBatch(images, shape: design.input.with(batch: Self.samples), labels: Self.labels)
        let evaluation = try GraphEvaluation(
            plan, network.arguments(model, input: batch.input, masks: Self.masks))
        return try rows.map { try #require(evaluation[$0]).tensor }
    }

    private func analysis<Scalar: KernelScalar>(
        _ network: Network<Scalar>, _ design: NetworkDesign
    ) throws -> AnalysisResult {
        try SignalAnalysis<Scalar>(
            network,
            on: LabelledBatch(
                Self.images(design).map { Scalar($0) }, shape: design.input.with(batch: Self.samples),
                labels: Self.labels),
            options: AnalysisOptions(seed: 1), masks: Self.masks
        ).run()
    }

    private func distance<Scalar: KernelScalar>(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>) -> Double {
        let kernels = Scalar.kernels
        return (kernels.sumOfSquares(kernels.combine(a, 1, b, -1)) / kernels.sumOfSquares(b)).squareRoot()
    }

    /// Each pixel moved by one unit in the last place, up or down, and carried through: what is lost on the way
    /// is what was predicted, as long as there is a digit to lose; and so is where the last one goes. The formula was found
    /// right within 0.6 digits (theory.md, section 7); how far it is off differs between processors, which round otherwise.
    private func movedInput<Scalar: KernelScalar>(_ example: Case, in precision: Scalar.Type) throws {
        let design = try example.design()
        let network = try Network<Scalar>(design, parameters: SingleWeights())
        let predicted = try analysis(network, design)
        let images = Self.images(design).map { Scalar($0) }
        let x = try states(network, images, design)
        // One way of moving scatters by a few tenths of a digit, as rounding does: in single precision, where there are few
        // digits to lose, the mean square of three.
        let patterns = Scalar.self == Float.self ? 3 : 1
        let squares = try (0..<patterns).map { pattern in
            let moved = images.enumerated().map { ($0 >> pattern) % 2 == 0 ? $1.nextUp : $1.nextDown }
            return zip(x, try states(network, moved, design)).map { distance($0, $1) * distance($0, $1) }
        }
        let distances = x.indices.map { l in
            (squares.reduce(0) { $0 + $1[l] } / Double(patterns)).squareRoot()
        }
        let start = try #require(predicted.units[0].digitsLeft)
        for (l, distance) in distances.enumerated() where distance < 0.1 {
            let lost = start - (try #require(predicted.units[l].digitsLeft))
            let found = log10(distance / distances[0])
            #expect(abs(found - lost) <= 0.6, "x_\(l): \(found) digits lost, \(lost) predicted")
        }
        let horizon = distances.firstIndex { $0 * Double(Scalar.ulpOfOne) / 2 > 0.1 * distances[0] }
        try expectHorizon(predicted.horizon, near: horizon)
    }

    /// Within 15 %, or two units where that is less.
    private func expectHorizon(_ predicted: Int?, near found: Int?) throws {
        guard let predicted, let found else {
            // One of them may lie just beyond the end of the network.
            #expect(predicted == nil || found == nil)
            return
        }
        #expect(abs(Double(predicted - found)) <= max(2, 0.15 * Double(found)), "\(predicted) for \(found)")
    }

    @Test(arguments: Case.all) func movedInputInSinglePrecision(_ example: Case) throws {
        try movedInput(example, in: Float.self)
    }

    /// Of the deepest one is enough: they take longest.
    @Test(arguments: Case.all.filter { $0.depth < 1001 || $0.word != "identity" })
    func movedInputInDoublePrecision(_ example: Case) throws {
        try movedInput(example, in: Double.self)
    }

    /// The same weights and images in single and in double precision differ by what rounding does to the former.
    @Test(arguments: Case.all) func singleAgainstDouble(_ example: Case) throws {
        let design = try example.design()
        let network = try Network<Float>(design, parameters: SingleWeights())
        let predicted = try analysis(network, design)
        let images = Self.images(design)
        let single = try states(network, images, design)
        let double = try states(
            Network<Double>(design, parameters: SingleWeights()), images.map(Double.init), design)
        let distances = zip(single, double).map { distance($0.converted(), $1) }
        for (l, distance) in distances.enumerated() where distance < 0.1 {
            let left = try #require(predicted.units[l].digitsLeft)
            #expect(
                abs(-log10(distance) - left) <= 1, "x_\(l): \(-log10(distance)) digits, \(left) predicted")
        }
        try expectHorizon(predicted.horizon, near: distances.firstIndex { $0 > 0.1 })
    }

    /// Errors enter at every unit and add up: what shrinks at first has all of its later growth ahead of it.
    @Test func growthCountsFromEveryUnit() {
        let growth = RoundingGrowth(
            tangentLog10: [0, -2, 1, 4], signalLog10: [0, 0, 0, 0], unitRoundoff: 1e-5)
        let k = 0.125 / log(2)
        let sums = [1, 1e-4 + k, 1e2 + k * (1e6 + 1), 1e8 + k * (1e12 + 1e6 + 1)]
        for (found, sum) in zip(growth.digitsLeft, sums) {
            #expect(abs((found ?? .nan) - (5 - 0.5 * log10(sum))) < 1e-12)
        }
        #expect(growth.horizon == 3)
        let gap = RoundingGrowth(tangentLog10: [0, nil], signalLog10: [1, 1], unitRoundoff: 1e-5)
        #expect(gap.digitsLeft[1] == nil && gap.horizon == nil)
        let flat = RoundingGrowth(
            tangentLog10: Array(repeating: 0, count: 101), signalLog10: Array(repeating: 0, count: 101),
            unitRoundoff: 1e-7)
        #expect(abs((flat.digitsLeft[100] ?? .nan) - (7 - 0.5 * log10(1 + 100 * k))) < 1e-12, "a random walk")
    }

    /// Without a tangent nothing is said of digits.
    @Test func withoutProbesNothingIsSaid() throws {
        let design = try Case.all[0].design()
        let result = try SignalAnalysis<Float>(
            Network(design, parameters: SingleWeights()),
            on: LabelledBatch(
                Self.images(design), shape: design.input.with(batch: Self.samples), labels: Self.labels),
            options: AnalysisOptions(probes: .none)
        ).run()
        #expect(result.digitsLeft == nil && result.horizon == nil)
        #expect(result.units.allSatisfy { $0.digitsLeft == nil })
    }
}
