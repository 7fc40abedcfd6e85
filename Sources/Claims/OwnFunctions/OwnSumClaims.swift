import Analysis
import Kernels
import ResidualNetworks

/// Eqn. 4 and 7 of one's own h = λ_l·x.
struct OwnForwardSumClaim: Claim {
    let functions: OwnFunctions
    let name = "eqn7"
    let statement = "With these λ_l, x_L = (∏ λ_i) x_l + Σ (∏ λ_j) F̂(x_i)."
    let place = "Section 2 and 3, Eqn. 4 and 7"

    func evaluate<Scalar: KernelScalar>(on bench: TestBench<Scalar>) throws -> ClaimFinding {
        let design = try functions.design()
        let factors = try UnitSlopes.of(design).get().factors ?? []
        let sum = ForwardSum(stack: try bench.stack(design, batch: 4)) { factors[$0] }
        return finding([
            ClaimMeasurement(
                "‖x_e − (∏λ) x_l − Σ F̂‖ / largest term, worst pair l < e of a stage", try sum.worstError(),
                .atMost(32 * bench.epsilon),
                because: "4 products and additions, each a rounding in \(bench.precision), in two orders")
        ])
    }
}

/// Eqn. 5 and 8 of one's own h, F and f: the gradient splits into the two terms, and both are derivatives.
struct OwnBackwardSumClaim: Claim {
    let functions: OwnFunctions
    let name = "eqn8"
    let statement =
        "∂E/∂x_l is the first term, through all h and f, plus the second, which passed through weights; both are derivatives."
    let place = "Section 2 and 3, Eqn. 5 and 8, with any h and f"

    func evaluate<Scalar: KernelScalar>(on bench: TestBench<Scalar>) throws -> ClaimFinding {
        let design = try functions.design()
        let sum = try BackwardSum(design, batch: 4, on: bench) { _ in .nan }
        let measured = Set(sum.analysis.checks.filter { $0.worstError != nil }.map(\.name))
        // The sum alone would hold of any derivatives.
        guard measured.isSuperset(of: ["sum", "probe_direct", "probe_total"]) else {
            throw ClaimError.nothingMeasured(network: design.summary)
        }
        return finding(sum.checkMeasurements)
    }
}

/// The first term of Eqn. 8 with h′ for λ, element by element.
struct OwnFirstTermClaim: Claim {
    static let word = "first-term"
    let functions: OwnFunctions
    let name = word
    let statement = "The first term at x_l is the product of all h′(x_i)·f′(y_i) above it, times ∂E/∂x_L."
    let place = "Section 3, Eqn. 8 and the text on h′ below it"

    func evaluate<Scalar: KernelScalar>(on bench: TestBench<Scalar>) throws -> ClaimFinding {
        let design = try functions.design()
        let slopes = try UnitSlopes.of(design).get()
        let stack = try bench.stack(design, batch: 4)
        let last = stack.unitCount
        var (expected, shifted) = (stack.top.doubles, stack.top.doubles)
        var (worst, units, roundings) = (0.0, 0, 0.0)
        var (least, greatest) = (Double.infinity, 0.0)
        for l in (0..<last).reversed() where stack.forward.rows[l].shape == stack.top.shape {
            let product = slopes.product(ofUnit: l, x: try stack.state(l), y: try stack.sum(l))
            for size in product.map(abs) { (least, greatest) = (min(least, size), max(greatest, size)) }
            expected = zip(expected, product).map { $0 * $1 }
            let moved = slopes.product(
                ofUnit: l, x: try stack.state(l), y: try stack.sum(l), shiftedBy: bench.epsilon)
            shifted = zip(shifted, moved).map { $0 * $1 }
            roundings = max(roundings, Self.distance(shifted, from: expected))
            let direct = stack.paths(at: l)?.direct.plain.doubles ?? []
            worst = max(worst, Self.distance(direct, from: expected))
            units += 1
        }
        return finding([
            ClaimMeasurement(
                "‖d_l − ∏ h′f′∘g_L‖ / ‖∏ h′f′∘g_L‖, worst l of the last stage", worst,
                .atMost(64 * Double(max(1, units)) * bench.epsilon + 8 * roundings),
                because:
                    "64 roundings a unit in \(bench.precision) over \(units) units, and 8 times what one of every x and y "
                    + "does to the product"),
            .told("smallest |h′(x)·f′(y)| of an element", least, "below 1 it shrinks the first term"),
            .told("largest", greatest, "above 1 it enlarges it"),
        ])
    }

    /// ‖a − b‖/‖b‖; 0 where both are 0.
    private static func distance(_ a: [Double], from b: [Double]) -> Double {
        guard a.count == b.count else { return .infinity }
        func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
        let (difference, size) = (norm(zip(a, b).map { $0 - $1 }), norm(b))
        return difference == 0 ? 0 : difference / size
    }
}
