import Analysis
import Kernels
import ResidualNetworks
import Tensors

/// The asymmetric form, Fig. 5(b) and Eqn. 9: an activation f̂ = ReLU∘BN after the addition that only the branch
/// reads, `y_{l+1} = y_l + F(f̂(y_l))`, in a fully connected network of one stage.
///
/// Its maps come from the public initialisers, under the parameters' names; the loops up and down are written out
/// and share nothing with the residual unit.
public struct AsymmetricStack<Scalar: KernelScalar> {
    /// f̂_l ahead of unit l; none ahead of unit 0, whose input the stem has activated.
    private var activations: [BatchNormalization<Scalar>?] = []
    private var branches: [Sequential<Scalar>] = []

    /// - Parameter design: of an architecture without a stem's filter; read for sizes alone.
    public init(_ design: NetworkDesign, parameters source: any ParameterSource) throws {
        let width = design.baseWidth * design.block.expansion
        for l in 0..<design.unitCount {
            activations.append(
                l == 0 ? nil : try Self.activation("units.\(l).branch.bn1", channels: width, source))
            branches.append(try Self.branch(ofUnit: l, design, width, source))
        }
    }

    /// weight, (BN, ReLU, weight)…
    private static func branch(
        ofUnit l: Int, _ design: NetworkDesign, _ width: Int, _ source: any ParameterSource
    ) throws -> Sequential<Scalar> {
        var maps: [any DifferentiableMap<Scalar>] = []
        var channels = width
        for (k, layer) in design.block.layers.enumerated() {
            if k > 0 {
                maps.append(try activation("units.\(l).branch.bn\(k + 1)", channels: channels, source))
            }
            let outputs = design.baseWidth * layer.widths
            maps.append(
                try Convolution<Scalar>(
                    name: "units.\(l).branch.conv\(k + 1)", inputs: channels, outputs: outputs, kernel: 1,
                    from: source))
            channels = outputs
        }
        return Sequential(maps)
    }

    private static func activation(
        _ name: String, channels: Int, _ source: any ParameterSource
    ) throws -> BatchNormalization<Scalar> {
        try BatchNormalization(name: name, channels: channels, activation: .rectifier, from: source)
    }

    /// y_0, E and ∂E/∂y_0, with the stem and the head of a network.
    public func lossAndGradient(
        network: Network<Scalar>, batch: LabelledBatch<Scalar>, pass: ForwardPass
    ) throws -> (y0: Tensor<Scalar>, loss: Double, gradient: Tensor<Scalar>) {
        let kernels = Scalar.kernels
        let y0 = try network.x0(of: batch.input, in: pass)
        var y = y0
        var derivatives: [(activation: (any Linearization<Scalar>)?, branch: any Linearization<Scalar>)] = []
        for (activation, branch) in zip(activations, branches) {
            let activated = try activation?.linearize(y, in: pass)
            let residual = try branch.linearize(activated?.tensor ?? y, in: pass)
            derivatives.append((activated?.derivative, residual.derivative))
            y = kernels.combine(y, 1, residual.tensor, 1)
        }
        let head = try network.head.linearize(y, in: pass)
        let (loss, cotangent) = try SoftmaxCrossEntropy(labels: batch.labels).evaluate(at: head.tensor)
        var g = try head.derivative.vjp(cotangent.plain)
        // g_l = g_{l+1} + f̂′ᵀF′ᵀg_{l+1}, Eqn. 9's counterpart of Eqn. 5.
        for (activation, branch) in derivatives.reversed() {
            let pulled = try branch.vjp(g)
            g = kernels.combine(g, 1, try activation?.vjp(pulled) ?? pulled, 1)
        }
        return (y0, loss, g)
    }
}
