import Expressions
import Foundation
import Prediction
import ResidualNetworks
import Testing

/// Stacks whose answer is known in closed form.
struct ClosedFormTests {
    /// So wide that nothing depends on the width.
    private func wide(
        units: Int, shortcut: any ShortcutDesign = IdentityShortcut(), layout: UnitLayout = .fullPreactivation
    ) -> NetworkDesign {
        NetworkDesign(
            architecture: DenseArchitecture(), block: .basic, unitsPerStage: units, layout: layout,
            shortcut: shortcut, baseWidth: 1 << 30)
    }

    @Test("Frozen branches leave the shortcuts: g = d = λ^n, w = 0", arguments: [0.5, 0.9, 1.5])
    func frozen(lambda: Double) throws {
        let trace = try MeanFieldPredictor(
            wide(units: 2000, shortcut: ScalingShortcut(lambda: lambda, mu: 0))
        ).predict()
        for row in trace.units {
            let expected = Double(2000 - row.unit) * log10(lambda)
            // 2000 additions of logarithms.
            #expect(abs(try #require(row.gradientLog10) - expected) < 1e-9)
            #expect(abs(try #require(row.directLog10) - expected) < 1e-9)
            #expect(row.throughWeightsLog10 == nil)
        }
        let (first, last) = (trace.units[0], trace.units[2000])
        let growth = try #require(last.forwardRMSLog10) - (try #require(first.forwardRMSLog10))
        #expect(abs(growth - 2000 * log10(lambda)) < 1e-9)
        #expect(trace.pathLengths.mean == 0)
        // All singular values are λ^n.
        let singular = try #require(trace.meanSquaredSingularValueLog10)
        #expect(abs(singular - 4000 * log10(lambda)) < 1e-9)
    }

    @Test("A linear plain stack with batch normalisation keeps every norm")
    func linear() throws {
        // φ = x: a layer doubles the variance, BN halves it again; backward ×2 and ×½. ε = 1e−5 shows.
        var design = wide(units: 100, shortcut: NoShortcut())
        design.activation = FormulaActivation(UnitFormula(.symbol(.x)))
        let trace = try MeanFieldPredictor(
            design, input: InputStatistics(meanSquare: 1, channelMeanSquare: 0, correlation: 0)
        ).predict()
        for row in trace.units.dropFirst() {
            #expect(abs(try #require(row.forwardRMSLog10) - log10(2) / 2) < 1e-5)
            #expect(abs(try #require(row.gradientLog10)) < 1e-5 * 200)
        }
        #expect(trace.pathLengths.mean == 100)
        #expect(trace.units[0].directLog10 == nil)
    }

    @Test("Full pre-activation, identity: v grows by 1 − 1/π a unit and energy by 1 + ρ/v")
    func fullPreactivation() throws {
        let trace = try MeanFieldPredictor(wide(units: 40)).predict()
        let c0 = 1 - 1 / Double.pi
        for (row, next) in zip(trace.units, trace.units.dropFirst()).dropFirst(8) {
            let variance = try #require(row.channelVariance)
            // x_0 brings (1 − 1/π)/2; F_0 reads it without BN and F_1 reads a skewed x_1, whence the slack.
            #expect(abs(variance - c0 * (Double(row.unit) + 0.5)) < 0.02 * variance)
            let gain = 2 * (try #require(row.gradientLog10) - (try #require(next.gradientLog10)))
            // What is left of the stem's skewness is below a twentieth of v.
            #expect(abs(gain - log10(1 + 1 / (c0 * variance))) < 0.02 * gain)
        }
    }

    @Test("A 1×1 convolution in every unit doubles energy each way, beyond any range of numbers")
    func convolution() throws {
        let trace = try MeanFieldPredictor(wide(units: 5000, shortcut: ConvolutionShortcut())).predict()
        let (first, last) = (trace.units[0], trace.units[5000])
        let growth = try #require(last.forwardRMSLog10) - (try #require(first.forwardRMSLog10))
        // x_0 has ½, F adds 1 at first: within a factor of 3 in 2^5000.
        #expect(abs(growth - 2500 * log10(2)) < 0.5)
        #expect(abs(try #require(first.directLog10) - 2500 * log10(2)) < 1e-9)
        #expect(last.forwardRMS == .infinity)
    }

    @Test("f = ReLU, identity: the direct term survives by the arcsine law of the reflected walk")
    func arcsine() throws {
        let units = 60
        let trace = try MeanFieldPredictor(wide(units: units, layout: .original)).predict()
        // x_l is a walk of l + 1 standard normal steps reflected at 0, and an element of d_l survives while the
        // walk meets no new minimum: Sparre Andersen's law, u_k u_{n−k} for the place of the minimum,
        // u_k = C(2k, k)/4^k, for any symmetric continuous step.
        var u = [1.0]
        for k in 1...(units + 1) { u.append(u[k - 1] * (1 - 0.5 / Double(k))) }
        let steps = units + 1
        var survival = u[0] * u[steps]
        for row in trace.units {
            survival += u[row.unit + 1] * u[steps - row.unit - 1]
            // The grid's step is a fifth of the walk's.
            #expect(abs(2 * (try #require(row.directLog10)) - log10(survival)) < 0.01)
        }
    }

    @Test("The median of many seeds has a narrower band")
    func band() throws {
        let design = NetworkDesign(block: .basic, unitsPerStage: 9)
        let one = try MeanFieldPredictor(design, seeds: 1).predict().units[0]
        let nine = try MeanFieldPredictor(design, seeds: 9).predict().units[0]
        #expect(one.gradientDeviation > 0)
        #expect(abs(nine.gradientDeviation / one.gradientDeviation - (Double.pi / 18).squareRoot()) < 1e-12)
        var wider = design
        wider.baseWidth *= 4
        #expect(
            try MeanFieldPredictor(wider).predict().units[0].gradientDeviation < one.gradientDeviation / 3)
    }

    @Test("Dropout says where no element of the direct term is left")
    func dropout() throws {
        let design = NetworkDesign(
            block: .basic, unitsPerStage: 18, shortcut: DropoutShortcut(dropProbability: 0.5))
        let trace = try MeanFieldPredictor(design, batch: 8).predict()
        // theory.md: at batch 8, p = ½, measured for units 0–37 of ResNet-110.
        let vanishes = try #require(trace.units.last { $0.directLog10 == nil }?.unit)
        #expect((35...39).contains(vanishes))
    }
}
