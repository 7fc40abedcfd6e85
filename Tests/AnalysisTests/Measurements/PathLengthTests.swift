import Analysis
import Foundation
import Kernels
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

@Suite("Path lengths")
struct PathLengthTests {
    private func spectrum(_ results: MeasurementResults) throws -> PathLengthSpectrum {
        try #require(results.pathLengths)
    }

    private func norms(_ spectrum: PathLengthSpectrum, at unit: Int) -> [Int: Double] {
        Dictionary(
            uniqueKeysWithValues: spectrum.distributions.filter { $0.unit == unit }.map {
                ($0.length, $0.log10)
            })
    }

    /// With h = λ_i and F = a_i, G^(k) is the coefficient of z^k in ∏(λ_i + a_i z) times g_L.
    @Test func scalarUnitsGiveAPolynomial() throws {
        let lambdas = [1, 0.5, -2, 0.25, 1, 3]
        let branches = [0.3, -1, 0.5, 2, 0.1, -0.7]
        let stack = LinearStack(features: 4, lambdas: lambdas, branches: branches)
        let result = try stack.analysis([.pathLengths(upTo: 40)]).run()
        let spectrum = try spectrum(#require(result.measurements))
        let top = try #require(result.units.last?.gradientLog10)
        var coefficients = [1.0]
        for (lambda, a) in zip(lambdas, branches) {
            coefficients = (0...coefficients.count).map { k in
                (k < coefficients.count ? lambda * coefficients[k] : 0)
                    + (k > 0 ? a * coefficients[k - 1] : 0)
            }
        }
        let found = norms(spectrum, at: 0)
        #expect(spectrum.greatestLength == 6 && found.count == 7)
        for (k, coefficient) in coefficients.enumerated() {
            let log10Norm = try #require(found[k])
            // Six steps of rounding in a logarithm of size 3.
            #expect(abs(log10Norm - top - log10(abs(coefficient))) < 1e-13, "length \(k)")
        }
        let squares = coefficients.map { $0 * $0 }
        let mean =
            squares.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element }
            / squares.reduce(0, +)
        #expect(abs(try #require(spectrum.rows[0].mean) - mean) < 1e-12)
        #expect(try #require(spectrum.sumError) < 1e-14)
        #expect(try #require(spectrum.directError) < 1e-14)
    }

    /// With h = x and F = a·Q, Q orthogonal, every length is C(n, k)·a^k long: exactly binomial squares.
    @Test func orthogonalBranchesGiveBinomialNorms() throws {
        let (n, a) = (12, 0.5)
        let turn = [0, -a, 0, 0, a, 0, 0, 0, 0, 0, 0, -a, 0, 0, a, 0]
        let result = try LinearStack(matrix: turn, features: 4, count: n)
            .analysis([.pathLengths(upTo: 40)]).run()
        let top = try #require(result.units.last?.gradientLog10)
        let found = norms(try spectrum(#require(result.measurements)), at: 0)
        var binomial = 1.0
        for k in 0...n {
            #expect(abs(try #require(found[k]) - top - log10(binomial * pow(a, Double(k)))) < 1e-13)
            binomial *= Double(n - k) / Double(k + 1)
        }
    }

    /// A branch that is frozen at 0 leaves the direct path alone.
    @Test func frozenBranchesLeaveLengthZero() throws {
        let units = (0..<5).map { _ in
            OwnUnit.scaling(1, branch: 0)
        }
        let spectrum = try spectrum(LinearStack(features: 3, units: units).run([.pathLengths(upTo: 9)]))
        #expect(norms(spectrum, at: 0).keys.sorted() == [0])
        #expect(spectrum.rows.allSatisfy { $0.mean == 0 && $0.standardDeviation == 0 && $0.restShare == 0 })
    }

    /// Without shortcuts there is one path, through all branches.
    @Test func plainNetworksHaveOneLength() throws {
        let stack = LinearStack(matrix: [0, 2, 1, 0], features: 2, count: 7, isPlain: true)
        let spectrum = try spectrum(stack.run([.pathLengths(upTo: 40)]))
        #expect(spectrum.rows.map(\.mean) == (0...7).map { Double(7 - $0) })
    }

    /// Σ_k G^(k) = g and G^(0) = d on random stacks of every kind, whatever the longest length followed.
    @Test func lengthsAddUpToTheGradient() {
        expectNone(
            counterexample(to: "Σ G = g", cases: 80) { (stack: StackCase) in
                let network: Network<Double> = try stack.network()
                for greatest in [1, 3, 100] {
                    let result = try SignalAnalysis(
                        network, on: stack.labelledBatch(),
                        options: AnalysisOptions(
                            probes: .none, seed: stack.seed, measurements: [.pathLengths(upTo: greatest)])
                    ).run()
                    guard let spectrum = result.measurements?.pathLengths else { return "not measured" }
                    // Where lengths cancel, or a normalisation takes nearly everything away, their rounding is
                    // that of what there was before.
                    let scales = try MeasuredStack<Double>(stack)?.roundingScales(at: 0, seed: stack.seed)
                    let total = pow(10, result.units[0].gradientLog10 ?? 0)
                    let terms = spectrum.distributions.map { pow(10, $0.log10) }.max() ?? 0
                    let conditioning = max(1, (scales?.total ?? 0) / total, terms / total)
                    if (spectrum.sumError ?? 0) > 1e-10 * conditioning {
                        return "\(spectrum.sumError ?? 0) with conditioning \(conditioning)"
                    }
                    for length in spectrum.distributions where length.length == 0 {
                        guard let direct = result.units[length.unit].directLog10 else { return "no d" }
                        if abs(length.log10 - direct) > 1e-9 { return "\(length.log10) for d \(direct)" }
                    }
                }
                return nil
            })
    }

    /// G^(k) against the sum over all subsets of k branches, path by path.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func lengthsAreSumsOverPaths(seed: UInt64) throws {
        var stack = StackCase(seed: seed)
        (stack.isDense, stack.batch, stack.unitsPerStage, stack.decades) = (true, 9, 5, 0)
        let measured = try #require(try MeasuredStack<Double>(stack))
        var terms: [(length: Int, cotangent: Tensor<Double>)] = [(0, measured.top)]
        for unit in (0..<measured.unitCount).reversed() {
            terms =
                try terms.map { ($0.length, try measured.pullBackDirect($0.cotangent, of: unit)) }
                + terms.map { ($0.length + 1, try measured.pullBackThroughBranch($0.cotangent, of: unit)) }
        }
        let result = try SignalAnalysis(
            measured.network, on: stack.labelledBatch(),
            options: AnalysisOptions(
                probes: .none, seed: stack.seed, measurements: [.pathLengths(upTo: 5)])
        ).run()
        let spectrum = try #require(result.measurements?.pathLengths)
        let found = norms(spectrum, at: 0)
        let largest = found.values.max() ?? 0
        for k in 0...5 {
            let sum = terms.filter { $0.length == k }.map(\.cotangent)
                .reduce(Tensor(zeros: terms[0].cotangent.shape)) { combination(1, $0, 1, $1) }
            let size = norm(sum)
            // Paths of one length may cancel: what is left is only as exact as the largest.
            let bound = 1e-10 * pow(10, largest)
            #expect(abs((found[k].map { pow(10, $0) } ?? 0) - size) <= bound, "length \(k) of \(stack)")
        }
    }

    /// What is no longer followed stays in the sum, and Float finds what Double finds.
    @Test func floatAgreesWithDouble() throws {
        func spectrum<Scalar: KernelScalar>(_ type: Scalar.Type) throws -> PathLengthSpectrum {
            let design = NetworkDesign(
                block: .basic, unitsPerStage: 4, baseWidth: 8, input: Shape(1, 3, 12, 12))
            let images: Tensor<Double> = randomTensor(Shape(4, 3, 12, 12), seed: 2, name: "images")
            let batch = LabelledBatch(
                images.elements.map { Scalar($0) }, shape: images.shape, labels: [0, 1, 2, 3])
            let result = try SignalAnalysis(
                try Network<Scalar>(design, parameters: HeInitialization(seed: 1)), on: batch,
                options: AnalysisOptions(probes: .none, measurements: [.pathLengths(upTo: 8)])
            ).run()
            return try #require(result.measurements?.pathLengths)
        }
        let (float, double) = (try spectrum(Float.self), try spectrum(Double.self))
        #expect(try #require(float.sumError) < 1e-5 && #require(double.sumError) < 1e-13)
        for (a, b) in zip(float.rows, double.rows) {
            #expect(abs(a.restShare - b.restShare) < 1e-5)
            guard let first = a.mean, let second = b.mean else { continue }
            // Float's rounding through a dozen units moves a norm by 1e−5.
            #expect(abs(first - second) < 1e-3)
        }
    }

    /// Veit, Wilber and Belongie (2016) find that the gradient of a trained ResNet-110 comes from paths of about
    /// 11.5 units. At initialisation independent float64 code found 11.2 ± 3.0 of 54 for noise images, and theory
    /// 12.1 ± 2.9; seeds differ by a few tenths.
    @Test func resNet110() throws {
        let design = NetworkDesign(block: .basic, unitsPerStage: 18)
        let images: Tensor<Float> = randomTensor(Shape(8, 3, 32, 32), seed: 3, name: "noise")
        let result = try SignalAnalysis(
            try Network<Float>(design, parameters: HeInitialization(seed: 0)),
            on: LabelledBatch(images.elements, shape: images.shape, labels: Array(0..<8)),
            options: AnalysisOptions(probes: .none, measurements: [.pathLengths(upTo: 40)])
        ).run()
        let row = try #require(result.measurements?.pathLengths?.rows.first)
        #expect(abs(try #require(row.mean) - 11.5) < 0.8)
        #expect(abs(try #require(row.standardDeviation) - 3) < 0.3)
        #expect(row.restShare < 1e-6)
    }
}
