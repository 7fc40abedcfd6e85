import Kernels
import ResidualNetworks
import Tensors

/// The decomposition in forward mode, a code path of its own: what a vector at x_l becomes on its way up.
///
///     total            t_{l+1} = D_l (H_l + J_l) t_l
///     direct           s_{l+1} = D_l H_l s_l
///     through weights  u_{l+1} = D_l (H_l u_l + J_l t_l)
///
/// Transposed to the three recursions of `PathDecomposition`, so that along the way these numbers stay what they are:
///
///     ⟨g_l, t_l⟩,      ⟨d_l, s_l⟩,      ⟨w_l, t_l⟩ + ⟨d_l, u_l⟩
struct PathTangents<Scalar: KernelScalar>: Sendable {
    private(set) var total: MeasuredTensor<Scalar>
    private(set) var direct: MeasuredTensor<Scalar>
    private(set) var throughWeights: MeasuredTensor<Scalar>

    /// At x_l, with u_l = 0.
    init(total: Tensor<Scalar>, direct: Tensor<Scalar>) {
        self.total = MeasuredTensor(ScaledTensor(total))
        self.direct = MeasuredTensor(ScaledTensor(direct))
        throughWeights = MeasuredTensor(ScaledTensor(total, factor: 0))
    }

    /// Begins s and u anew at the x_l reached, while t goes on.
    mutating func restart(direct: Tensor<Scalar>) {
        self.direct = MeasuredTensor(ScaledTensor(direct))
        throughWeights = MeasuredTensor(ScaledTensor(direct, factor: 0))
    }

    /// One unit up: from x_l to x_{l+1}.
    mutating func pushForward(through unit: UnitDerivatives<Scalar>) throws {
        let branch = try unit.branch.pushForward(total.scaled)
        let shortcut = unit.shortcut
        try total.move(adding: branch) { try shortcut.pushForward($0) }
        try throughWeights.move(adding: branch) { try shortcut.pushForward($0) }
        try direct.move { try unit.after.pushForward(try shortcut.pushForward($0)) }
        guard unit.after.scalarMultiple != 1 else { return }
        try total.move { try unit.after.pushForward($0) }
        try throughWeights.move { try unit.after.pushForward($0) }
    }
}
