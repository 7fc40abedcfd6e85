import Analysis
import Kernels
import ResidualNetworks
import Tensors

/// Eqn. 7 (and 4, where every λ is 1), every term by itself:
/// `x_e = (∏_{i=l}^{e−1} λ_i) x_l + Σ_{i=l}^{e−1} (∏_{j=i+1}^{e−1} λ_j) F_i`.
struct ForwardSum<Scalar: KernelScalar> {
    let stack: MeasuredStack<Scalar>
    /// λ_l as the claim has it, whatever the network made of it.
    let lambda: (Int) -> Double

    /// The largest ‖x_e − sum‖ over the largest term, over all l < e of one stage.
    func worstError() throws -> Double {
        var worst = 0.0
        for stage in stack.stages.summaries {
            for e in stage.firstUnit...stage.lastUnit {
                for l in stage.firstUnit..<e { worst = max(worst, try error(from: l, to: e)) }
            }
        }
        return worst
    }

    private func error(from l: Int, to e: Int) throws -> Double {
        let kernels = Scalar.kernels
        let carried = kernels.scale(try stack.state(l), by: product(l..<e))
        var sum = Tensor<Scalar>(zeros: carried.shape)
        var largest = max(norm(carried), norm(try stack.state(e)))
        // From the top down and x_l last: another order than the network's own.
        for i in (l..<e).reversed() {
            let coefficient = product(i + 1..<e)
            let branch = try stack.branch(i)
            largest = max(largest, abs(coefficient) * norm(branch))
            sum = kernels.combine(sum, 1, branch, coefficient)
        }
        let difference = kernels.combine(kernels.combine(sum, 1, carried, 1), 1, try stack.state(e), -1)
        return norm(difference) / largest
    }

    private func product(_ units: Range<Int>) -> Double { units.reduce(1) { $0 * lambda($1) } }
}
