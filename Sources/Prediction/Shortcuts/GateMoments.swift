import Foundation

/// Expectations of a gate g = σ(u), u = W_g x + b. With independent weights of variance 2/outputs, u is
/// N(b, 2·(inputs/outputs)·q_x), and two distant positions of it have the correlation m_x/q_x of x itself.
struct GateMoments {
    let bias: Double
    let variance: Double
    let correlation: Double

    /// α = 1 − g beside β = g (exclusive gating) or 1.
    ///
    /// Backward, H = diag(1 − g) − diag(σ′∘x)·W_g. The two parts are uncorrelated over the sign of W_g, and W_gᵀ
    /// multiplies energy by 2·inputs/outputs: E‖Hᵀu‖² = E[(1 − g)²]‖u‖² + 2(inputs/outputs)·E[σ′²]·q_x·‖u‖².
    func modulation(gatesBranch: Bool) -> PathModulation {
        let deviation = variance.squareRoot()
        let nodes = GaussianNodes.line(for: deviation).filter { $0.weight > 1e-7 }.map { point in
            let gate = Self.sigmoid(bias + deviation * point.node)
            return PathModulation.Node(
                weight: point.weight, shortcut: 1 - gate, branch: gatesBranch ? gate : 1)
        }
        let slope = nodes.reduce(0) { $0 + $1.weight * pow($1.shortcut * (1 - $1.shortcut), 2) }
        return PathModulation(
            nodes: nodes, shortcutPair: pair { 1 - $0 }, branchPair: gatesBranch ? pair { $0 } : 1,
            shortcutSlope: slope, branchSlope: gatesBranch ? slope : 0)
    }

    /// E f(g)f(g′) of two positions whose u share the part `correlation`.
    private func pair(_ function: (Double) -> Double) -> Double {
        let shared = (variance * correlation).squareRoot()
        let own = (variance * (1 - correlation)).squareRoot()
        let (commonNodes, ownNodes) = (GaussianNodes.line(for: shared), GaussianNodes.line(for: own))
        return commonNodes.reduce(0) { sum, common in
            let mean = ownNodes.reduce(0) {
                $0 + $1.weight * function(Self.sigmoid(bias + shared * common.node + own * $1.node))
            }
            return sum + common.weight * mean * mean
        }
    }

    private static func sigmoid(_ u: Double) -> Double { 1 / (1 + exp(-u)) }
}
