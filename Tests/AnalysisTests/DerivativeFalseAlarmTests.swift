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

/// Value against derivative: what is right is never called wrong.
@Suite struct DerivativeFalseAlarmTests {
    private static let formulas = [
        "0.9*x + 0.1*tanh(x)", "gelu(x)", "x/(1 + abs(x))", "max(x, 0.1*x)", "clip(x, -1, 1)", "relu(x)",
        "where(x > 0.2, x, 0.5*x^2)", "(1 - t/2)*x + t*sin(x)", "exp(-x^2)*x", "x*sigmoid(3*x)", "abs(x)",
        "sin(40*x)", "sqrt(x^2 + 1)", "log(1 + x^2)", "1 - cos(x)",
    ]

    @Test(arguments: formulas)
    func formulasPass(formula: String) throws {
        let shortcut = try ShortcutVocabulary.paper.shortcut(for: "expr: " + formula)
        for layout in [UnitLayout.fullPreactivation, .original] {
            for block in [BlockDesign.basic, .bottleneck] {
                let design = NetworkDesign(block: block, unitsPerStage: 2, layout: layout, shortcut: shortcut)
                for seed in UInt64(0)..<6 {
                    let report = try DerivativeCheck(seed: seed).report(on: design)
                    // Where t = 0 a formula may come to another operator.
                    #expect(report.operations >= 5, "seed \(seed)")
                    #expect(report.holds && report.remarks.isEmpty, "seed \(seed): \(report.sentences)")
                    #expect(report.findings.count == 2 * report.operations)
                    #expect(report.obstacle == nil)
                }
            }
        }
    }

    @Test func functionsOfOnesOwnPass() throws {
        let functions: [(String, OwnFunction)] = [
            ("tanh", OwnFunction({ tanh($0) }, jvp: { 1 - tanh($0) * tanh($0) })),
            ("large", OwnFunction({ 1e12 * exp($0) }, jvp: { 1e12 * exp($0) })),
            ("small", OwnFunction({ 1e-200 * sin($0) }, jvp: { 1e-200 * cos($0) })),
            // All but some of its digits cancel.
            ("cancelling", OwnFunction({ ($0 * $0 + 1e7) - 1e7 }, jvp: { 2 * $0 })),
            ("saturating", OwnFunction({ 1 / (1 + exp(-20 * $0)) }, jvp: { sigmoidSlope($0) })),
            ("relu", OwnFunction({ max(0, $0) }, jvp: { $0 > 0 ? 1 : 0 })),
            // As leaky ReLU is: slopes 0.1 and 1; at 0 the parts' derivatives give 0, which is neither.
            (
                "parts",
                OwnFunction({ max(0, $0) - 0.1 * max(0, -$0) }, jvp: { $0 > 0 ? 1 : $0 < 0 ? 0.1 : 0 })
            ),
            // x itself, whose parts' derivatives give 0 at 0.
            ("hidden kinks", OwnFunction({ max(0, $0) - max(0, -$0) }, jvp: { $0 == 0 ? 0 : 1 })),
            // A slope that no step of the usual ladder sees.
            ("fine", OwnFunction({ $0 + sin(1e8 * $0) / 1e8 }, jvp: { 1 + cos(1e8 * $0) })),
            (
                "logarithmic",
                OwnFunction(
                    { $0 * log(abs($0) + 1e-3) },
                    jvp: { log(abs($0) + 1e-3) + abs($0) / (abs($0) + 1e-3) })
            ),
            ("single", OwnFunction({ Double(tanhf(Float($0))) }, jvp: { 1 - tanh($0) * tanh($0) })),
        ]
        for (name, function) in functions {
            for seed in UInt64(0)..<100 {
                // Small numbers too, alone and beside very large ones.
                let wide = normals(seed: seed).map { $0 > 0 ? 1e13 * $0 : 1e-3 * $0 }
                let small = normals(seed: seed).map { 1e-3 * $0 }
                for x in [normals(seed: seed), rectified(seed: seed), small, wide] {
                    let report = try derivativeReport(on: function, [x], seed: seed)
                    #expect(report.holds, "\(name), seed \(seed): \(report.sentences)")
                }
            }
        }
    }

    @Test func operatorsOfSeveralElementsPass() throws {
        let rectifying = RingProduct(phi: { max(0, $0) }, slope: { $0 > 0 ? 1 : 0 })
        for seed in UInt64(0)..<200 {
            let b = normals(seed: seed, "b")
            for (operation, a) in [
                (RingProduct(), normals(seed: seed)), (rectifying, normals(seed: seed)),
                (rectifying, rectified(seed: seed)), (rectifying, b.map { _ in 0 }),
            ] {
                let report = try derivativeReport(on: operation, [a, b], seed: seed)
                #expect(report.holds && report.remarks.isEmpty, "seed \(seed): \(report.sentences)")
                #expect(report.findings.map(\.mode) == [.jvp, .vjp, .jvp, .vjp])
            }
        }
    }

    /// The toolkit's own, asked for by a predicate: convolutions, batch normalisation, ReLU, sums, pooling.
    @Test(arguments: [0, 1, 2] as [UInt64])
    func builtInOperatorsPass(seed: UInt64) throws {
        let check = DerivativeCheck(seed: seed) { $0.operation != nil }
        for word in ["identity", "scale0.5", "gate-exclusive:-1", "conv1x1", "dropout0.5"] {
            let shortcut = try ShortcutVocabulary.paper.shortcut(for: word)
            let design = NetworkDesign(block: .basic, unitsPerStage: 1, shortcut: shortcut)
            let report = try check.report(on: design)
            #expect(report.operations > 20 && report.holds, "seed \(seed): \(report.sentences)")
            #expect(try DerivativeCheck().report(on: design).operations == 0)
        }
        for architecture in [ImageNetArchitecture(), DenseArchitecture()] as [any Architecture] {
            let units = architecture.stages.map { _ in 1 }
            let design = NetworkDesign(
                architecture: architecture, block: architecture.blocks[0], unitsPerStage: units)
            let report = try check.report(on: design)
            #expect(report.holds, "seed \(seed): \(report.sentences)")
        }
    }

    /// Signals that overflow, and features finer than any step: not judged, and not called wrong.
    @Test(arguments: [
        "x^3 - x", "1e-6*tanh(1e6*x)", "0.5*x + sin(1e5*x)/1e5", "1e9*x + sin(1e9*x)", "1e4*x + 1e4*sin(x)",
        "x*log(abs(x) + 1e-3)",
    ])
    func extremeFormulasAreNotCalledWrong(formula: String) throws {
        let shortcut = try ShortcutVocabulary.paper.shortcut(for: "expr: " + formula)
        // Without normalisation signals grow, and elements become small beside others.
        let design = NetworkDesign(
            block: .basic, unitsPerStage: 6, layout: .original, shortcut: shortcut)
        for seed in UInt64(0)..<20 {
            let report = try DerivativeCheck(seed: seed).report(on: design)
            #expect(report.holds && report.operations == 18, "seed \(seed): \(report.sentences)")
        }
    }

    @Test func builtInIsWhatTheToolkitProves() throws {
        let formula = try ExpressionOperator(ExpressionReader(allowsLearned: false).expression("tanh(x)"))
        let own: [any Operator] = [Relu(), Conv(ConvolutionWindow([])), BatchNorm(.batch)]
        #expect(own.allSatisfy { $0.isBuiltIn })
        #expect(!formula.isBuiltIn && !RingProduct().isBuiltIn && !NoisyIdentity().isBuiltIn)
    }
}

/// Of 1/(1 + e⁻²⁰ˣ).
private func sigmoidSlope(_ x: Double) -> Double {
    let value = 1 / (1 + exp(-20 * x))
    return 20 * value * (1 - value)
}
