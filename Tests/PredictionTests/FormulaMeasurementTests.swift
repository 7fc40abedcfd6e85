import Analysis
import Expressions
import Foundation
import Kernels
import NumericalMethods
import Prediction
import ResidualNetworks
import Tensors
import Testing

/// Predictions of networks with formulas against networks with drawn weights, row by row.
struct FormulaMeasurementTests {
    enum Family { case dense, convolutional }

    static func design(
        _ family: Family, h: String = "identity", activation: String = "relu", f: String? = nil,
        scale: String? = nil, dropPath: String? = nil, units: Int, layout: UnitLayout = .fullPreactivation
    ) throws -> NetworkDesign {
        let reader = ExpressionReader(initials: ["a": 0])
        let shortcut = try ShortcutVocabulary.paper.shortcut(for: h, reader: reader)
        var design =
            switch family {
            case .dense:
                NetworkDesign(
                    architecture: DenseArchitecture(), block: .basic, unitsPerStage: units, layout: layout,
                    shortcut: shortcut, baseWidth: 256, input: Shape(1, 3, 8, 8))
            case .convolutional:
                NetworkDesign(
                    block: .basic, unitsPerStage: units / 3, layout: layout, shortcut: shortcut,
                    baseWidth: 16, input: Shape(1, 3, 16, 16))
            }
        design.activation = try FunctionVocabulary.activation(for: activation, reader: reader)
        design.after = try f.map { try FunctionVocabulary.afterAddition(for: $0, reader: reader) }
        design.branchModulation = BranchModulation(
            scale: try scale.map { try FunctionVocabulary.schedule($0, reader: reader) },
            dropPath: try dropPath.map { try FunctionVocabulary.schedule($0, reader: reader) })
        return design
    }

    /// log10 of RMS x_l, ‖g_l‖/‖g_L‖ and ‖d_l‖/‖g_L‖ by row, of every seed.
    static func measured(_ design: NetworkDesign, batch: Int, seeds: Int) throws -> [[[Double?]]] {
        try (0..<seeds).map { seed in
            let seed = UInt64(seed)
            var stream = RandomStream(seed: seed, name: "formula-measurement")
            let pixels = (0..<batch * design.input.count).map { _ in Float(stream.normal()) }
            let data = LabelledBatch<Float>(
                pixels, shape: design.input.with(batch: batch), labels: (0..<batch).map { $0 % 10 })
            let units = try SignalAnalysis(
                try Network<Float>(design, parameters: HeInitialization(seed: seed)), on: data,
                options: AnalysisOptions(probes: .none, seed: seed), masks: SeededMasks(seed: seed)
            ).run().units
            let top = try #require(units.last?.gradientLog10)
            return units.map {
                [
                    $0.forwardRMS.map(log10), $0.gradientLog10.map { $0 - top },
                    $0.directLog10.map { $0 - top },
                ]
            }
        }
    }

    struct Case: CustomTestStringConvertible {
        var h = "identity"
        var activation = "relu"
        var f: String?
        var scale: String?
        var dropPath: String?
        var layout = UnitLayout.fullPreactivation

        var testDescription: String {
            [h, activation, f, scale, dropPath, layout.name].compactMap(\.self).joined(separator: " | ")
        }
    }

    private static let cases: [Case] = [
        Case(h: "expr: 0.9*x + 0.1*tanh(x)"), Case(h: "expr: where(x > 0, 0.9*x, 0.8*x)"),
        Case(h: "expr: gelu(x)"),
        Case(activation: "gelu"), Case(activation: "tanh"), Case(activation: "expr: max(x, 0.1*x)"),
        Case(activation: "gelu", layout: .rectifierOnlyPreactivation),
        Case(f: "expr: max(x, 0.5*x)", layout: .original), Case(f: "tanh", layout: .original),
        Case(f: "gelu", layout: .original), Case(h: "expr: gelu(x)", layout: .original),
        Case(h: "scale: 1 - l/(2*L)"), Case(h: "dropout: 0.5*t"), Case(scale: "1/sqrt(L)"),
        Case(dropPath: "0.2*t"), Case(dropPath: "0.2*t", layout: .original),
    ]

    /// Every row, three seeds: within 0.05 decades and 5 % of forward and direct, 10 % of the gradient, whose residuals are
    /// as large for the paper's own shortcuts at this depth and width (MEASURED.md), and three standard errors, of the
    /// predicted band or of the seeds, whichever is wider.
    @Test("Formulas are predicted as they are measured", arguments: cases)
    func agrees(example: Case) throws {
        for family in [Family.dense, .convolutional] {
            let design = try Self.design(
                family, h: example.h, activation: example.activation, f: example.f, scale: example.scale,
                dropPath: example.dropPath, units: 30, layout: example.layout)
            let (batch, seeds) = (family == .dense ? 128 : 16, 3)
            let trace = try MeanFieldPredictor(design, batch: batch, seeds: seeds).predict()
            let found = try Self.measured(design, batch: batch, seeds: seeds)
            for row in trace.units {
                let predictions = [
                    (row.forwardRMSLog10, row.forwardDeviation, 0.05),
                    (row.gradientLog10, row.gradientDeviation, 0.1),
                    (row.directLog10, row.directDeviation, 0.05),
                ]
                for (column, (prediction, band, share)) in predictions.enumerated() {
                    let values = found.compactMap { $0[row.unit][column] }
                    // Where dropout leaves nothing there is nothing to compare.
                    guard let prediction, values.count == seeds else { continue }
                    // A thousandth of the norm behind f = tanh is on a handful of elements, as the reservation says.
                    if column == 2, prediction < -3, trace.reservation?.contains("few elements") == true {
                        continue
                    }
                    let mean = values.reduce(0, +) / Double(seeds)
                    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(seeds - 1)
                    let error = max(band, (variance / Double(seeds)).squareRoot())
                    let allowed = 0.05 + share * abs(mean) + 3 * error
                    #expect(
                        abs(prediction - mean) < allowed,
                        "\(family) x_\(row.unit) \(["RMS", "g", "d"][column]): \(prediction), \(mean) ± \(error)"
                    )
                }
            }
        }
    }

    @Test("ReZero hands everything on as it is: q_l = q_0, G_l = 1")
    func reZero() throws {
        let design = try Self.design(.dense, scale: "@a", units: 30)
        let trace = try MeanFieldPredictor(design).predict()
        for row in trace.units {
            #expect(row.forwardRMSLog10 == trace.units[0].forwardRMSLog10)
            #expect(row.gradientLog10 == 0 && row.directLog10 == 0 && row.throughWeightsLog10 == nil)
        }
    }

    @Test("Schedules that are constant are the paper's shortcuts")
    func constantSchedules() throws {
        for layout in UnitLayout.paper {
            func trace(_ h: String) throws -> PredictedTrace {
                try MeanFieldPredictor(Self.design(.convolutional, h: h, units: 9, layout: layout)).predict()
            }
            for (schedule, plain) in [
                ("scale: 0.5 + 0*l", "scale0.5"), ("dropout: 0.5 + 0*t", "dropout0.5"),
                ("scale: [0.5, 0.5]", "scale0.5"),
            ] {
                let (found, expected) = (try trace(schedule), try trace(plain))
                #expect(found.units == expected.units, "\(schedule) \(layout.name)")
            }
        }
    }

    @Test("Units that differ are told apart where the signal has settled")
    func alternating() throws {
        // Ten halves among forty units.
        let design = try Self.design(.dense, h: "scale: [1, 1, 1, 0.5]", units: 40)
        let trace = try MeanFieldPredictor(design).predict()
        let direct = try #require(trace.units[0].directLog10)
        #expect(abs(direct - 10 * log10(0.5)) < 1e-12)
    }

    @Test(
        "What cannot be said is refused with the reason",
        arguments: [
            (Case(h: "expr: log(x)"), "no value (log of"), (Case(h: "expr: exp(x^2)"), "it diverges"),
            (Case(activation: "expr: sqrt(abs(x))"), "does not converge"),
            (Case(f: "expr: 1/x", layout: .original), "division by zero"),
        ])
    func refused(example: Case, reason: String) throws {
        let design = try Self.design(
            .dense, h: example.h, activation: example.activation, f: example.f, units: 3,
            layout: example.layout)
        let error = #expect(throws: PredictionError.self) { try MeanFieldPredictor(design).predict() }
        #expect(error?.description.contains(reason) == true, "\(error.map(\.description) ?? "")")
    }
}
