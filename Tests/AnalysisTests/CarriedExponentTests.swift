import Analysis
import Foundation
import Graphs
import Kernels
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

/// Directions that leave the range of numbers on their way.
@Suite("Carried exponents")
struct CarriedExponentTests {
    private func analysis(
        shortcut: any ShortcutDesign, units: Int, layout: UnitLayout = .fullPreactivation, width: Int = 4,
        batch: Int = 8, probes: AnalysisOptions.Probes = .stages,
        source: any ParameterSource = HeInitialization(seed: 5)
    ) throws -> SignalAnalysis<Double> {
        let design = NetworkDesign(
            architecture: DenseArchitecture(), block: .single, unitsPerStage: units, layout: layout,
            shortcut: shortcut, baseWidth: width, classes: 3, input: Shape(1, 4))
        let shape = Shape(batch, 4)
        let images: Tensor<Double> = randomTensor(shape, seed: 5, name: "images")
        return try SignalAnalysis(
            Network(design, parameters: source),
            on: LabelledBatch(images.elements, shape: shape, labels: (0..<batch).map { $0 % 3 }),
            options: AnalysisOptions(probes: probes, seed: 5))
    }

    /// The command line's example at ResNet-1001's number of units: 333 factors of 0.1.
    @Test func directTermFarBelowTheRange() throws {
        let result = try analysis(
            shortcut: ScalingShortcut(lambda: 0.1), units: 333, width: 8, batch: 32
        ).run()
        let top = try #require(result.units[333].gradientLog10)
        for (l, unit) in result.units.enumerated() {
            let expected = top - Double(333 - l)
            #expect(abs((unit.directLog10 ?? .nan) - expected) < 1e-9, "x_\(l)")
            #expect(abs((unit.shortcutProductLog10 ?? .nan) - (expected - top)) < 1e-9, "x_\(l)")
        }
        #expect(result.allChecksHold, "\(result.checks)")
        #expect(result.checks.filter { $0.passed == true }.count >= 5)
    }

    /// 100,000 units: the direct term at 2^−100000, the total thousands of decades above it.
    @Test func hundredThousandUnits() throws {
        let result = try analysis(
            shortcut: ScalingShortcut(lambda: 0.5), units: 100_000, width: 3, batch: 4, probes: .none
        ).run()
        let top = try #require(result.units.last?.directLog10)
        // 1e5 additions of log10(2) and the exponent's product with it: 3e4 · 1.1e−16 each.
        #expect(abs(try #require(result.units[0].directLog10) - top + 100_000 * log10(2)) < 1e-8)
        #expect(result.allChecksHold, "\(result.checks)")
        #expect(result.units.count == 100_001)
        #expect(result.units.allSatisfy { $0.decompositionError != nil && $0.gradientLog10 != nil })
    }

    /// The total itself falls below the range while the direct term is exactly 0, by a shortcut of 0 or by masks:
    /// weights so small that ε rules every batch normalisation, whose β keeps the forward signal alive. The sum
    /// check must neither fall silent nor divide by nothing.
    @Test(arguments: ["none", "dropout0.5"])
    func totalFarBelowTheRangeBesideADeadDirectTerm(word: String) throws {
        let small = ScaledParameters(ShiftedNormalizations(seed: 5), factor: 1e-6) {
            $0.contains(".branch.conv")
        }
        let layout = UnitLayout(
            name: "shrinking", leading: [.normalization, .activation], after: ShrinkAfterAddition())
        let result = try analysis(
            shortcut: try ShortcutVocabulary.paper.shortcut(for: word), units: 400, layout: layout,
            source: small
        ).run()
        let bottom = try #require(result.units[0].gradientLog10)
        #expect(bottom < -700)
        #expect(result.units[0].directLog10 == nil)
        #expect(result.units.allSatisfy { $0.decompositionError != nil })
        #expect(result.allChecksHold, "\(result.checks)")
    }

    /// Dropout's masks multiply to exactly 0: null, and the unit by name.
    @Test func directTermOfExactlyZero() throws {
        let analysis = try analysis(shortcut: DropoutShortcut(dropProbability: 0.5), units: 40)
        let result = try analysis.run()
        let network = try #require(analysis.subject as? NetworkSubject<Double>)
        // The product of the masks, from the top; f is the identity, so nothing else touches d.
        var alive = Array(repeating: 1.0, count: 32)
        var expected: Int?
        for l in (0..<40).reversed() {
            let mask: Tensor<Double> = try network.masks.mask(
                named: "units.\(l).shortcut.dropout.mask", shape: Shape(8, 4), dropProbability: 0.5)
            alive = zip(alive, mask.elements).map { $0 * $1 }
            if alive.allSatisfy({ $0 == 0 }) {
                expected = l
                break
            }
        }
        let vanishes = try #require(expected)
        #expect(result.directVanishesAtUnit == vanishes)
        #expect(result.units[...vanishes].allSatisfy { $0.directLog10 == nil && $0.cosine == nil })
        #expect(result.units[(vanishes + 1)...].allSatisfy { $0.directLog10 != nil })
        #expect(result.units.allSatisfy { $0.gradientLog10 != nil && $0.decompositionError != nil })
        #expect(result.shortcutProductIsExpectation)
        #expect(abs((result.units[0].shortcutProductLog10 ?? .nan) - 40 * log10(0.5)) < 1e-12)
        #expect(result.allChecksHold, "\(result.checks)")
    }

    /// A plain network: everything passes through weights.
    @Test func plainNetworkHasNoDirectTerm() throws {
        let result = try analysis(shortcut: NoShortcut(), units: 12).run()
        #expect(result.directVanishesAtUnit == 11)
        for unit in result.units.dropLast() {
            #expect(unit.directLog10 == nil && unit.cosine == nil && unit.shortcutProductLog10 == nil)
            #expect(unit.throughWeightsLog10 == unit.gradientLog10)
            #expect(unit.decompositionError == 0)
        }
        #expect(result.units[12].directLog10 == result.units[12].gradientLog10)
        #expect(result.units[12].throughWeightsLog10 == nil)
        #expect(result.allChecksHold, "\(result.checks)")
    }
}

/// f(y) = y/100.
private struct ShrinkAfterAddition: AfterAdditionDesign {
    func afterAddition(
        of y: Graph.ValueID, at place: UnitPlace, in network: inout NetworkGraph
    ) throws -> Graph.ValueID { try network.scale(y, by: 0.01) }
}

/// He initialisation with β = 1, which keeps every ReLU open.
private struct ShiftedNormalizations: ParameterSource {
    let seed: UInt64

    func values<Scalar: KernelScalar>(
        name: String, dimensions: [Int], role: ParameterRole
    ) -> Tensor<Scalar> {
        let values: Tensor<Scalar> = HeInitialization(seed: seed).values(
            name: name, dimensions: dimensions, role: role)
        return role == .normalizationShift ? values.map { _ in 1 } : values
    }
}
