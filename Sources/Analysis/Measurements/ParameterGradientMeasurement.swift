import Kernels
import ResidualNetworks
import Tensors

/// Norms of ∂E/∂θ, unit by unit beside a backward pass: the unit is computed again from x_l with all that its
/// parameters need, and nothing of it outlives the unit.
struct ParameterGradientMeasurement<Scalar: KernelScalar> {
    /// From x_L downwards, as they come.
    private var descending: [ParameterGradientNorm] = []
    var rows: [ParameterGradientNorm] { descending.reversed() }
    /// Parameters of maps that do not pull cotangents back to them.
    private(set) var missing: [String] = []
    private let network: Network<Scalar>
    private let batch: LabelledBatch<Scalar>
    private let forward: ForwardTrace<Scalar>
    private let pass: ForwardPass
    /// ∂E/∂x_{l+1} for the unit that comes next.
    private var above: ScaledTensor<Scalar>?

    init(
        _ network: Network<Scalar>, batch: LabelledBatch<Scalar>, forward: ForwardTrace<Scalar>,
        mode: ForwardPass.Mode, masks: any MaskSource
    ) {
        self.network = network
        self.batch = batch
        self.forward = forward
        pass = ForwardPass(mode: mode, masks: masks, keepsParameterInputs: true)
    }

    mutating func visit(_ step: BackwardStep<Scalar>) throws {
        if let above {
            try measureUnit(step.row, cotangent: above)
        } else {
            try measureHead()
        }
        above = step.paths.total
        if step.row == 0 { try measureStem(cotangent: step.paths.total) }
    }

    private mutating func measureUnit(_ l: Int, cotangent: ScaledTensor<Scalar>) throws {
        let unit = network.units[l]
        let derivatives = try unit.linearize(forward.input(of: l), in: pass).derivatives
        var gradients = ParameterGradients<Scalar>()
        let atY = try derivatives.after.pullBack(cotangent, accumulating: &gradients)
        _ = try derivatives.shortcut.pullBack(atY, accumulating: &gradients)
        _ = try derivatives.branch.pullBack(atY, accumulating: &gradients)
        // f with parameters is no scaling, so that its cotangent and that of y share their scale.
        record(gradients, of: unit.parameters, unit: l, scale: atY)
    }

    private mutating func measureHead() throws {
        let last = network.units.count - 1
        let x =
            last < 0
            ? try network.x0(of: batch.input, in: pass)
            : try network.units[last].linearize(forward.input(of: last), in: pass).output
        let head = try network.head.linearize(x, in: pass)
        let cotangent = try SoftmaxCrossEntropy(labels: batch.labels).evaluate(at: head.tensor).cotangent
        try measure(head, of: network.head.parameters, cotangent: cotangent)
    }

    private mutating func measureStem(cotangent: ScaledTensor<Scalar>) throws {
        let stem = try network.stem.linearize(batch.input, in: pass)
        try measure(stem, of: network.stem.parameters, cotangent: cotangent)
    }

    private mutating func measure(
        _ map: Linearized<Scalar>, of parameters: [Parameter<Scalar>], cotangent: ScaledTensor<Scalar>
    ) throws {
        var gradients = ParameterGradients<Scalar>()
        _ = try map.derivative.pullBack(cotangent, accumulating: &gradients)
        record(gradients, of: parameters, unit: nil, scale: cotangent)
    }

    /// - Parameter scale: the cotangent whose scale the gradients lack.
    private mutating func record(
        _ gradients: ParameterGradients<Scalar>, of parameters: [Parameter<Scalar>], unit: Int?,
        scale: ScaledTensor<Scalar>
    ) {
        missing += parameters.map(\.name).filter { gradients.byName[$0] == nil }
        let found = parameters.compactMap { parameter in
            gradients.byName[parameter.name].map { gradient in
                ParameterGradientNorm(
                    parameter: parameter.name, unit: unit, count: parameter.count,
                    gradient: scale.replacing(tensor: gradient).log10Norm,
                    value: ScaledTensor(parameter.values).log10Norm)
            }
        }
        descending += found.reversed()
    }
}
