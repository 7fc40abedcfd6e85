import Analysis
import Kernels
import ResidualNetworks
import Tensors

/// Eqn. 8 (and 5, where every λ is 1): `g_l = (∏ λ_i) g_L + w_l`. The first term is compared with the product as a
/// vector; that it and the whole gradient are derivatives at all, with forward mode and with the loss.
struct BackwardSum<Scalar: KernelScalar> {
    let stack: MeasuredStack<Scalar>
    /// λ_l as the claim has it, whatever the network made of it.
    let lambda: (Int) -> Double
    let analysis: AnalysisResult

    init(
        _ design: NetworkDesign, batch size: Int, on bench: TestBench<Scalar>,
        lambda: @escaping (Int) -> Double
    ) throws {
        self.lambda = lambda
        stack = try bench.stack(design, batch: size)
        analysis = try SignalAnalysis(
            stack.network, on: bench.batch(of: size, for: design),
            options: AnalysisOptions(probes: .all, seed: bench.seed, checksDerivatives: false)
        ).run()
    }

    /// The largest ‖d_l − (∏λ) g_L‖ / ‖(∏λ) g_L‖ in the last stage, where h is λ times one and nothing else.
    func worstDirectError() -> Double {
        let last = stack.forward.rows.count - 1
        var (worst, product) = (0.0, 1.0)
        for l in (0..<last).reversed() where stack.forward.rows[l].shape == stack.top.shape {
            product *= lambda(l)
            guard let direct = stack.paths(at: l)?.direct.plain else { return .infinity }
            worst = max(
                worst, relativeDistance(direct, from: Scalar.kernels.scale(stack.top, by: product)))
        }
        return worst
    }

    /// The worst of each check that says whether the terms are what they are called.
    func measurements(directName: String, on bench: TestBench<Scalar>) -> [ClaimMeasurement] {
        let direct = ClaimMeasurement(
            "‖d_l − \(directName)‖ / ‖\(directName)‖, worst l of the last stage", worstDirectError(),
            .atMost(64 * bench.epsilon),
            because: "a rounding a unit in \(bench.precision)")
        return [direct] + checkMeasurements
    }

    /// The worst of the sum, of the probes and of the differences of the loss.
    var checkMeasurements: [ClaimMeasurement] {
        let checks = analysis.checks.filter { $0.name == "sum" || $0.name.hasPrefix("probe_") }
        return checks.compactMap { check in
            check.worstError.map {
                ClaimMeasurement(
                    "worst error of \(check.statement)", $0, .atMost(check.tolerance),
                    because: check.toleranceReason)
            }
        }
    }
}
