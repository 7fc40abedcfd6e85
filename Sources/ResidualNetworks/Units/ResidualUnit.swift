import Kernels
import Tensors

/// A residual unit, y_l = h(x_l) + F(x_l), x_{l+1} = f(y_l) (Eqn. 1, 2).
public struct ResidualUnit<Scalar: KernelScalar>: Sendable {
    /// h.
    public let shortcut: any Shortcut<Scalar>
    /// F, or F̂ where the shortcut's variant modulates it.
    public let branch: any DifferentiableMap<Scalar>
    /// f.
    public let after: any AfterAddition<Scalar>

    public init(
        shortcut: any Shortcut<Scalar>, branch: any DifferentiableMap<Scalar>,
        after: any AfterAddition<Scalar> = IdentityMap<Scalar>()
    ) {
        self.shortcut = shortcut
        self.branch = branch
        self.after = after
    }

    public var parameters: [Parameter<Scalar>] {
        branch.parameters + shortcut.parameters + after.parameters
    }

    /// Whether x_{l+1} can be made again cheaply and exactly from x_l: h is a scaling, f the identity, and the
    /// branch ends in linear layers after one that can repeat its value.
    public var canRepeatOutput: Bool {
        guard case .exact = shortcut.factor else { return false }
        return after.isIdentity && shortcut.isLinear && branch.canRepeatValue
    }

    public func outputShape(for input: Shape) -> Shape {
        after.outputShape(for: branch.outputShape(for: input))
    }

    /// The batch normalisations of branch, shortcut and f.
    public func normalizations(for input: Shape) -> [NormalizationSite] {
        branch.normalizations(for: input) + shortcut.normalizations(for: input)
            + after.normalizations(for: branch.outputShape(for: input))
    }

    /// Multiplications, each with an addition, of the unit's convolutions in one direction.
    public func multiplyAdds(for input: Shape) -> Int {
        shortcut.multiplyAdds(for: input) + branch.multiplyAdds(for: input)
            + after.multiplyAdds(for: branch.outputShape(for: input))
    }

    public func linearize(_ x: Tensor<Scalar>, in pass: ForwardPass) throws -> LinearizedUnit<Scalar> {
        let h = try shortcut.linearize(x, in: pass)
        // F as in the paper.
        // swift-format-ignore: AlwaysUseLowerCamelCase
        let F = try branch.linearize(x, in: pass)
        // In the order of `advance`: a multiply-add rounds the two products differently, and x_{l+1} is made again by
        // `Linearization.value(adding:)` bit for bit.
        let y = F.value + h.value  // Eqn. 1
        let f = try after.linearize(y, in: pass)  // Eqn. 2
        return LinearizedUnit(h: h, F: F, y: y, f: f)
    }

    /// `linearize` for those who ask for x_{l+1} and the derivatives alone: h(x_l) is added to F(x_l) in place.
    func advance(
        _ x: Tensor<Scalar>, in pass: ForwardPass
    ) throws -> (output: Tensor<Scalar>, derivatives: UnitDerivatives<Scalar>) {
        let h = try shortcut.linearize(x, in: pass)
        let (y, branchDerivative) = try branch.linearize(x, adding: Addend(h.value), in: pass)  // Eqn. 1
        let f = try after.linearize(y, in: pass)  // Eqn. 2
        return (
            f.tensor,
            UnitDerivatives(shortcut: h.derivative, branch: branchDerivative, after: f.derivative)
        )
    }
}

/// A unit at a point: its values and the derivatives H, J and D there.
public struct LinearizedUnit<Scalar: KernelScalar>: Sendable {
    public let h: Linearized<Scalar>
    /// F(x_l), capital as in the paper.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    public let F: Linearized<Scalar>
    public let y: Tensor<Scalar>
    public let f: Linearized<Scalar>

    /// x_{l+1}.
    public var output: Tensor<Scalar> { f.tensor }
    /// The derivatives alone, without the values.
    public var derivatives: UnitDerivatives<Scalar> {
        UnitDerivatives(shortcut: h.derivative, branch: F.derivative, after: f.derivative)
    }
}

/// H_l = ∂h/∂x_l, J_l = ∂F/∂x_l and D_l = ∂f/∂y_l.
public struct UnitDerivatives<Scalar: KernelScalar>: Sendable {
    public let shortcut: any Linearization<Scalar>
    public let branch: any Linearization<Scalar>
    public let after: any Linearization<Scalar>
    /// Keeps x_l alive where it was made again for these derivatives.
    private var owned: Tensor<Scalar>?

    public init(
        shortcut: any Linearization<Scalar>, branch: any Linearization<Scalar>,
        after: any Linearization<Scalar>
    ) {
        self.shortcut = shortcut
        self.branch = branch
        self.after = after
    }

    /// The same derivatives, keeping a tensor alive.
    public func owning(_ tensor: Tensor<Scalar>) -> UnitDerivatives {
        var copy = self
        copy.owned = tensor
        return copy
    }
}
