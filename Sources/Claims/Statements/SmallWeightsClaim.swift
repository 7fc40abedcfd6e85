import Analysis
import Foundation
import Kernels
import ResidualNetworks
import Tensors

/// The remark below Eqn. 5.
public struct SmallWeightsClaim: Claim {
    public init() {}
    public let name = "small-weights"
    public let statement = """
        The gradient of a unit does not vanish however small its weights: as they shrink it tends to that of the \
        unit above, where no batch normalisation ends the branch.
        """
    public let place = "Section 2, below Eqn. 5"

    public func evaluate<Scalar: KernelScalar>(on bench: TestBench<Scalar>) throws -> ClaimFinding {
        let free = try [1e-3, 1e-4].map { try gradients(.fullPreactivation, factor: $0, bench) }
        let ended = try [10, 1].map { try gradients(.rectifierOnlyPreactivation, factor: $0, bench) }
        let blindness = ended[1].worstChange / ended[0].worstChange
        return finding(
            [
                ClaimMeasurement(
                    "‖g_0‖ / ‖g_L‖ with the branches' last weights × 1e−4", free[1].bottomOverTop,
                    .near(1, within: 0.01),
                    because: "12 units, each 1e−4 times a branch gain of order 10 or less"),
                ClaimMeasurement(
                    "‖g_l − g_{l+1}‖ / ‖g_{l+1}‖ of the same, worst l", free[1].worstChange, .atMost(0.001),
                    because: "one unit of that"),
                ClaimMeasurement(
                    "decades by which that falls from weights × 1e−3 to × 1e−4",
                    log10(free[0].worstChange / free[1].worstChange),
                    .near(1, within: 0.02),
                    because: "in proportion, but for the weights' own effect on x_l, of the change's size"),
                ClaimMeasurement(
                    "the same change where BN ends the branch: weights × 1 over weights × 10", blindness,
                    .near(1, within: 0.05),
                    because: "BN undoes the factor, but for its ε = 1e−5 and the ReLUs that this turns over"),
            ],
            remark: """
                False where batch normalisation ends the branch: there weights ten times smaller leave \
                \(plain(100 * blindness)) percent of the second term, and only the ε of batch normalisation ends that.
                """)
    }

    private struct Gradients {
        /// ‖g_0‖ / ‖g_L‖.
        var bottomOverTop: Double
        /// The largest ‖g_l − g_{l+1}‖ / ‖g_{l+1}‖.
        var worstChange: Double
    }

    /// Of a network with the branches' last weights times a factor. Fully connected: the channels that a change of
    /// width pads with zeros would get their variance from the branches alone, and batch normalisation undo it.
    private func gradients<Scalar: KernelScalar>(
        _ layout: UnitLayout, factor: Double, _ bench: TestBench<Scalar>
    ) throws -> Gradients {
        let design = NetworkDesign.vectors(units: 12, layout: layout)
        let last = "branch.conv\(design.block.layers.count).weight"
        let parameters = ScaledParameters(HeInitialization(seed: bench.seed), factor: factor) {
            $0.hasSuffix(last)
        }
        let stack = try bench.stack(design, batch: 16, parameters: parameters)
        let gradients = try (0...stack.unitCount).map { l in
            guard let paths = stack.paths(at: l) else { throw ClaimError.notFinite(network: design.summary) }
            return paths.total.plain
        }
        let changes = zip(gradients, gradients.dropFirst()).map { relativeDistance($0, from: $1) }
        guard let worst = changes.max() else { throw ClaimError.nothingMeasured(network: design.summary) }
        return Gradients(bottomOverTop: norm(gradients[0]) / norm(stack.top), worstChange: worst)
    }
}
