import Analysis
import Foundation
import Graphs
import Kernels
import Operators
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

/// Value against derivative: mistakes are found, and told apart.
@Suite struct DerivativeCheckTests {
    /// The verdicts by mode.
    private func wrongModes(_ report: DerivativeReport) -> [DerivativeFinding.Mode] {
        report.findings.filter { $0.verdict == .wrong }.map(\.mode)
    }

    // MARK: Mistakes

    @Test func mistakesOfElementwiseFunctionsAreToldApart() throws {
        let slope = { @Sendable (x: Double) in 1 - tanh(x) * tanh(x) }
        let mistakes: [(String, @Sendable (Double) -> Double)] = [
            ("twice", { 2 * slope($0) }), ("sign", { -slope($0) }), ("1e-4", { (1 + 1e-4) * slope($0) }),
            ("below 0", { slope($0) * ($0 < 0 ? 0.9 : 1) }), ("constant", { _ in 1 }), ("none", { _ in 0 }),
            ("NaN", { _ in .nan }),
        ]
        for (name, wrong) in mistakes {
            for seed in UInt64(0)..<40 {
                for (jvp, vjp, modes) in [
                    (wrong, slope, [.jvp]), (slope, wrong, [.vjp]), (wrong, wrong, [.jvp, .vjp]),
                ] as [(@Sendable (Double) -> Double, @Sendable (Double) -> Double, [DerivativeFinding.Mode])]
                {
                    let function = OwnFunction({ tanh($0) }, jvp: jvp, vjp: vjp)
                    let report = try derivativeReport(on: function, [normals(seed: seed)], seed: seed)
                    #expect(wrongModes(report) == modes, "\(name), seed \(seed): \(report.findings)")
                    for finding in report.failures {
                        let (x, numbers) = (try #require(finding.element?.x), try #require(finding.numbers))
                        #expect(finding.place == "own" && finding.operation == "OwnFunction")
                        #expect(finding.slot == 0)
                        #expect(abs(numbers.measured - slope(x)) < 1e-6, "\(name), seed \(seed)")
                        #expect(numbers.claimed.isNaN || abs(numbers.claimed - wrong(x)) < 1e-12)
                        if name == "below 0" { #expect(x < 0) }
                    }
                }
            }
        }
    }

    @Test func mistakesOfOtherOperatorsAreToldApart() throws {
        for factor in [2, -1, 1 + 1e-4, 0] {
            for (direction, mode) in [
                (.jvp, .jvp), (.vjp, .vjp), (.pullBack, .pullBack),
            ] as [(RingProduct.Direction, DerivativeFinding.Mode)] {
                for slot in [0, 1] {
                    let operation = RingProduct(factor: { $0 == direction && $1 == slot ? factor : 1 })
                    for seed in UInt64(0)..<40 {
                        let operands = [normals(seed: seed), normals(seed: seed, "b")]
                        let report = try derivativeReport(on: operation, operands, seed: seed)
                        let wrong = report.failures
                        // pullBack is the VJP's, with a factor of its own.
                        #expect(
                            direction == .vjp || wrong.map(\.mode) == [mode],
                            "\(direction) by \(factor), seed \(seed): \(report.sentences)")
                        #expect(wrong.contains { $0.mode == mode } && wrong.allSatisfy { $0.slot == slot })
                        let numbers = try #require(wrong.first?.numbers)
                        #expect(
                            abs(numbers.claimed - factor * numbers.measured) < 1e-6 * abs(numbers.measured))
                    }
                }
            }
        }
    }

    @Test func placesAreNamed() throws {
        struct WrongInUnit: ShortcutDesign {
            let name = "wrong"
            let unit: Int

            func paths(
                at place: UnitPlace, branch: Graph.ValueID, in network: inout NetworkGraph
            ) throws -> UnitValues {
                let factor = place.position.index == unit ? 0.5 : 1
                let function = OwnFunction({ tanh($0) }, jvp: { factor * (1 - tanh($0) * tanh($0)) })
                let h = try network.apply(
                    function, to: network.matched(at: place), label: place.name + ".shortcut.own")
                return UnitValues(shortcut: h, branch: branch)
            }
        }
        let design = NetworkDesign(block: .basic, unitsPerStage: 18, shortcut: WrongInUnit(unit: 41))
        let report = try DerivativeCheck(seed: 1).report(on: design)
        #expect(report.operations == 54 && report.agreeing == 2 * 53)
        #expect(report.failures.map(\.place) == Array(repeating: "units.41.shortcut.own", count: 2))
        #expect(report.failures.map(\.mode) == [.jvp, .vjp])
        let sentence = try #require(report.failures.last).sentence
        #expect(
            sentence.contains("units.41.shortcut.own: the VJP of OwnFunction is wrong: at x = "),
            "\(sentence)")
        #expect(report.sentences.count == 2)
        #expect(
            report.summary
                == "Derivatives of 54 operations: 106 as differences of the value say, 2 wrong.")
    }

    @Test func valuesHaveToBeFunctions() throws {
        let report = try derivativeReport(on: NoisyIdentity(), [normals(seed: 1)], seed: 1)
        #expect(report.findings.map(\.verdict) == [.notAFunction] && !report.holds)
        #expect(
            report.sentences.first?.contains("not a function of its operands") == true, "\(report.sentences)")
    }

    @Test func brokenOperatorsAreNamed() throws {
        for isOfValue in [true, false] {
            let report = try derivativeReport(on: Misshapen(value: isOfValue), [normals(seed: 1)], seed: 1)
            let finding = try #require(report.failures.first)
            #expect(finding.mode == (isOfValue ? .value : .vjp), "\(report.sentences)")
            #expect(finding.sentence.contains("shape (8, 5)"), "\(finding.sentence)")
            #expect((report.obstacle != nil) == isOfValue)
        }
        var forgetful = OwnFunction({ $0 * $0 }, jvp: { 2 * $0 })
        forgetful.reads = Reads()
        let report = try derivativeReport(on: forgetful, [normals(seed: 1)], seed: 1)
        #expect(
            report.failures.first?.sentence.contains("operand 0 was not kept") == true, "\(report.sentences)")
    }

    // MARK: What cannot be judged

    @Test func kinksAreNoMistakes() throws {
        let zeros = normals(seed: 1).map { _ in 0 }
        let relu = OwnFunction({ max(0, $0) }, jvp: { $0 > 0 ? 1 : 0 })
        let atKinks = try derivativeReport(on: relu, [rectified(seed: 1)], seed: 1)
        #expect(atKinks.findings.allSatisfy { $0.verdict == .agrees && $0.counts.atKinks > 10 })
        // Wrong at 0 alone, where half of a rectified signal is.
        let odd = OwnFunction({ max(0, $0) }, jvp: { $0 > 0 ? 1 : $0 < 0 ? 0 : 5 })
        let beside = try derivativeReport(on: odd, [rectified(seed: 1)], seed: 1)
        #expect(beside.remarks.map(\.verdict) == [.undecided(.kink), .undecided(.kink)])
        #expect(
            beside.sentences.first?.contains("at x = 0 it says 5 at a kink with the slopes 0 and 1") == true,
            "\(beside.sentences)")
        #expect(try derivativeReport(on: odd, [zeros], seed: 1).holds)
    }

    @Test func whatIsNotFiniteIsNamed() throws {
        let root = OwnFunction({ $0.squareRoot() }, jvp: { 0.5 / $0.squareRoot() })
        let derivative = try derivativeReport(on: root, [rectified(seed: 2)], seed: 2)
        #expect(derivative.findings.map(\.verdict) == [.notFinite(.derivative), .notFinite(.derivative)])
        #expect(derivative.sentences.first?.contains("first at x = 0") == true, "\(derivative.sentences)")
        let logarithm = OwnFunction({ log($0) }, jvp: { 1 / $0 })
        let value = try derivativeReport(on: logarithm, [rectified(seed: 2)], seed: 2)
        #expect(value.findings.map(\.verdict) == [.notFinite(.value), .notFinite(.value)])
        let operand = try derivativeReport(on: logarithm, [normals(seed: 2).map { 1 / max(0, $0) }], seed: 2)
        #expect(operand.findings.map(\.verdict) == [.notFinite(.operand)])
        #expect(derivative.holds && value.holds && operand.holds)
        // A mistake is found beside them.
        let wrong = OwnFunction({ $0.squareRoot() }, jvp: { 1 / $0.squareRoot() })
        #expect(wrongModes(try derivativeReport(on: wrong, [rectified(seed: 2)], seed: 2)) == [.jvp, .vjp])
    }

    /// A formula of which some elements beside the point have no value.
    @Test func domainsAreKeptTo() throws {
        let shortcut = try ShortcutVocabulary.paper.shortcut(for: "expr: sqrt(x)")
        let design = NetworkDesign(block: .basic, unitsPerStage: 1, layout: .original, shortcut: shortcut)
        let report = try DerivativeCheck(seed: 3).report(on: design)
        #expect(report.holds && report.operations == 3, "\(report.sentences)")
        let error = try DerivativeCheck(seed: 3).report(
            on: NetworkDesign(
                block: .basic, unitsPerStage: 1,
                shortcut: ShortcutVocabulary.paper.shortcut(for: "expr: log(x)")))
        #expect(error.obstacle?.contains("units.0.shortcut.expression") == true)
    }

    @Test func jumpsAreNotJudged() throws {
        let rounding = OwnFunction({ ($0 * 1e9).rounded() / 1e9 }, jvp: { _ in 1 })
        let report = try derivativeReport(on: rounding, [normals(seed: 1)], seed: 1)
        #expect(report.holds, "\(report.sentences)")
        // A step's slope is 0 wherever it has one.
        let step = OwnFunction({ $0 > 0 ? 1 : 0 }, jvp: { _ in 1 })
        #expect(wrongModes(try derivativeReport(on: step, [normals(seed: 1)], seed: 1)) == [.jvp, .vjp])
    }
}
