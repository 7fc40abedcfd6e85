import Foundation
import NumericalMethods
import ResidualNetworks
import Tensors
import Testing

@testable import Prediction

/// Factors and inputs at the edges of the range of numbers: a prediction in finite numbers, or a refusal.
struct GreatNumbersTests {
    private static func design(_ layout: UnitLayout, lambda: Double, mu: Double) -> NetworkDesign {
        NetworkDesign(
            block: .basic, unitsPerStage: 2, layout: layout,
            shortcut: ScalingShortcut(lambda: lambda, mu: mu),
            baseWidth: 16, classes: 10, input: Shape(1, 3, 32, 32))
    }

    /// Whether it is predicted; `nil` where it is refused.
    private static func isFinite(_ design: NetworkDesign, x0: InputStatistics) throws -> Bool? {
        let trace: PredictedTrace
        do {
            trace = try MeanFieldPredictor(design, input: x0).predict()
        } catch is PredictionError {
            return nil
        }
        return trace.units.allSatisfy { unit in
            [
                unit.forwardRMSLog10, unit.channelMeanSquareLog10, unit.channelVarianceLog10,
                unit.gradientLog10,
                unit.directLog10, unit.throughWeightsLog10, unit.forwardDeviation, unit.gradientDeviation,
                unit.directDeviation,
            ].allSatisfy { $0?.isFinite != false }
        }
    }

    @Test(
        "Factors that ended the program",
        arguments: [1e18, 1e100, 1e101, 1e153, 1e160, -1e160, 1e-101, 1e-170, .infinity, .nan])
    func factors(lambda: Double) throws {
        for layout in UnitLayout.paper {
            for (lambda, mu) in [(lambda, 1), (1, lambda)] {
                let design = Self.design(layout, lambda: lambda, mu: mu)
                #expect(
                    try Self.isFinite(design, x0: .independent) != false, "\(layout.name) \(lambda) \(mu)")
                let isInRange = (1e-100...1e100).contains(abs(lambda)) && (1e-100...1e100).contains(abs(mu))
                if !isInRange { #expect(try Self.isFinite(design, x0: .independent) == nil) }
            }
        }
    }

    @Test("Numbers drawn over the whole range, λ = 0 and m = q among them")
    func drawn() throws {
        let seed: UInt64 = 20
        var stream = RandomStream(seed: seed, name: "great-numbers")
        var predicted = 0
        for index in 0..<60 {
            func power(_ reach: Double) -> Double { pow(10, stream.uniform(in: -reach..<reach)) }
            let reach = [2.0, 20, 120][index % 3]
            let lambda = stream.integer(below: 8) == 0 ? 0 : power(reach)
            let (mu, meanSquare) = (power(reach), power(reach))
            let mean = stream.integer(below: 4) == 0 ? meanSquare : meanSquare * stream.uniform()
            let layout = UnitLayout.paper[stream.integer(below: UnitLayout.paper.count)]
            let found = try Self.isFinite(
                Self.design(layout, lambda: lambda, mu: mu),
                x0: InputStatistics(meanSquare: meanSquare, channelMeanSquare: mean, correlation: 0.1))
            #expect(
                found != false,
                "seed \(seed), case \(index): \(layout.name) λ \(lambda) μ \(mu) q \(meanSquare) m \(mean)")
            predicted += found == true ? 1 : 0
        }
        // Neither all refused nor all taken.
        #expect((1..<60).contains(predicted))
    }

    /// x_l grows with λ^l and steps of F, where the table of its law used to end at what identity shortcuts need.
    @Test("Behind f = ReLU an expanding shortcut is followed as far as its table reaches")
    func expansion() throws {
        let design = Self.design(.original, lambda: 2, mu: 1)
        let units = try MeanFieldPredictor(design, input: .independent).predict().units
        let (first, last) = (try #require(units.first?.forwardRMS), try #require(units.last?.forwardRMS))
        // Six doublings of x_0 and of what F adds; changes of size that add channels of zeros take a half each.
        #expect(last / first > 30 && last / first < 200)
        var deep = design
        deep.unitsPerStage = [20, 20, 20]
        #expect(throws: PredictionError.outgrown(shortcut: "scale2", units: 60)) {
            try MeanFieldPredictor(deep, input: .independent)
        }
    }
}
