import Foundation
import Prediction
import ResidualNetworks
import Testing

/// Formulas that nobody would take: a prediction in finite numbers, or a refusal that says why.
struct OddFormulaTests {
    private static let formulas = [
        "x^2", "x^3", "exp(x)", "sin(20*x)", "step(x)", "sign(x)", "-x", "x + 1", "5*tanh(x)", "l*x",
        "1e-9*tanh(x)",
        "1e6*gelu(x)", "where(l < 2, x, tanh(x))", "n*sin(x)/16", "relu(x)^2", "clip(x, -1, 1)",
        "softplus(x)",
        "x*exp(-x^2)", "max(x, 0)", "exp(-x^2)", "where(x > 1e-3, 1e3, x)",
    ]

    @Test("As h, as f and as activation, in every unit", arguments: formulas)
    func ends(formula: String) throws {
        var predicted = 0
        for layout in UnitLayout.paper {
            for role in ["h", "f", "activation"] {
                for family in [FormulaMeasurementTests.Family.dense, .convolutional] {
                    let word = "expr: \(formula)"
                    do {
                        let design = try FormulaMeasurementTests.design(
                            family, h: role == "h" ? word : "identity",
                            activation: role == "activation" ? word : "relu", f: role == "f" ? word : nil,
                            units: 6, layout: layout)
                        let trace = try MeanFieldPredictor(design).predict()
                        predicted += 1
                        for row in trace.units {
                            let numbers = [row.forwardRMSLog10, row.gradientLog10, row.directLog10]
                            #expect(
                                numbers.allSatisfy { $0?.isFinite != false },
                                "\(role) \(layout.name) \(family) \(row)")
                        }
                    } catch let error as PredictionError {
                        #expect(!error.description.isEmpty)
                    }
                }
            }
        }
        #expect(predicted > 0)
    }
}
