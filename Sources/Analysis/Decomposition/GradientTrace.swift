import Graphs
import Kernels
import Operators
import Tensors

/// One cotangent pulled back from the output, undivided: what any program must do to know ‖g_l‖ at every unit.
public struct GradientTrace<Scalar: KernelScalar>: Sendable {
    /// log10 ‖g_l‖ for l = 0 … L.
    public let gradients: [LogNorm]

    public init(_ forward: ForwardTrace<Scalar>, from cotangent: ScaledTensor<Scalar>) throws {
        let rows = forward.model.rows
        var norms = [LogNorm](repeating: .notMeasured, count: rows.count)
        let rowOf = forward.model.rowOfValue
        var parts: [Int: [LogNorm]] = [:]
        let sweep = ReverseSweep<Cotangent<Scalar>>(visiting: Set(rowOf.keys))
        let seed = Cotangent.resolved(cotangent)
        try sweep.run(forward.evaluation, from: [forward.model.path.graph.output: seed]) { id, gradient in
            guard let l = rowOf[id] else { return }
            parts[l, default: []].append(gradient.keepInRange().norm)
        }
        for (l, found) in parts { norms[l] = LogNorm(of: found) }
        gradients = norms
    }
}
