import Analysis
import Kernels
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

/// Eqn. 9 and Fig. 5: what moving the activation does, and does not, change.
@Suite("Rearranged units (Eqn. 9, Fig. 5)")
struct RearrangedUnitTests {
    /// (i) With y as the state, h and F both reading f(y), nothing changes: y_{l+1} = h(f(y_l)) + F(f(y_l)).
    @Test func stateAfterOrBeforeTheActivationIsOneFunction() {
        let failure = counterexample(to: "Eqn. 9 (i)", cases: 60) { (drawn: StackCase) in
            var stack = drawn
            stack.layout = [.original, .normalizationAfterAddition][Int(stack.seed % 2)]
            let network: Network<Double> = try stack.network()
            let last = network.units.count - 1
            let units = network.units.enumerated().map { l, unit in
                guard l > 0 else { return ResidualUnit(shortcut: unit.shortcut, branch: unit.branch) }
                let f = network.units[l - 1].after
                return ResidualUnit(
                    shortcut: MapShortcut(Sequential([f, unit.shortcut])), branch: Sequential([f, unit.branch]))
            }
            let rearranged = Network(
                design: network.design, stem: network.stem, units: units,
                head: Sequential([network.units[last].after, network.head]))
            let masks = SeededMasks(seed: stack.seed)
            guard
                let a = try MeasuredStack(network, on: stack.labelledBatch(), masks: masks),
                let b = try MeasuredStack(rearranged, on: stack.labelledBatch(), masks: masks)
            else { return "the forward pass is not finite" }
            // The same operations in the same order: equal to the last bit.
            if a.forward.loss != b.forward.loss { return "losses differ" }
            guard let pathsA = a.paths(at: 0), let pathsB = b.paths(at: 0) else { return "no paths" }
            // The gradient adds f′ᵀ(Hᵀg) + f′ᵀ(Jᵀg) where the other adds first: rounding only, relative to the
            // larger of the two paths that are added.
            let size = max(norm(pathsA.direct.plain), norm(pathsA.throughWeights.plain))
            for (x, y) in [
                (pathsA.total, pathsB.total), (pathsA.direct, pathsB.direct),
                (pathsA.throughWeights, pathsB.throughWeights),
            ] where norm(combination(1, x.plain, -1, y.plain)) > 1e-10 * size { return "gradients differ" }
            return nil
        }
        #expect(failure == nil, "\(failure.map(\.description) ?? "")")
    }

    /// (ii) y_{l+1} = y_l + F(f̂(y_l)), written out by hand, is the network of full pre-activation units.
    @Test(arguments: [BlockDesign.single, .basic, .bottleneck])
    func asymmetricFormIsThePreactivationUnit(block: BlockDesign) throws {
        let design = NetworkDesign(
            architecture: DenseArchitecture(), block: block, unitsPerStage: 5, layout: .fullPreactivation,
            baseWidth: 3, classes: 4, input: Shape(1, 6))
        let source = VariedParameters(seed: 11, decades: 0.5)
        let shape = Shape(9, 6)
        let images: Tensor<Double> = randomTensor(shape, seed: 11, name: "images")
        let batch = LabelledBatch(images.elements, shape: shape, labels: (0..<9).map { $0 % 4 })
        let network = try Network<Double>(design, parameters: source)
        let measured = try #require(try MeasuredStack(network, on: batch, masks: SeededMasks(seed: 0)))

        let byHand = try AsymmetricStack(design, source)
        let pass = ForwardPass(masks: SeededMasks(seed: 0))
        let (y0, loss, gradient) = try byHand.lossAndGradient(network: network, batch: batch, pass: pass)
        #expect(y0 == measured.forward.keptInputs[0]?.elements)
        // Rounding of 5 units, the order of additions being the same.
        #expect(abs(loss - (measured.forward.loss ?? .nan)) < 1e-14 * abs(loss))
        #expect(relativeError(gradient, try #require(measured.paths(at: 0)).total.plain) < 1e-12)
    }

    /// Only the step from (a) to (b) of Fig. 5 changes the model: with f on both paths it is another function.
    @Test func activationOnBothPathsIsAnotherFunction() throws {
        var stack = StackCase(seed: 5)
        (stack.isDense, stack.batch, stack.block, stack.unitsPerStage) = (true, 8, .basic, 3)
        (stack.shortcut, stack.width, stack.decades) = (IdentityShortcut(), 4, 0)
        func loss(_ layout: UnitLayout) throws -> Double? {
            stack.layout = layout
            return try MeasuredStack<Double>(stack)?.forward.loss
        }
        let (symmetric, asymmetric) = (try loss(.normalizationAfterAddition), try loss(.fullPreactivation))
        #expect(abs(try #require(symmetric) - (try #require(asymmetric))) > 1e-3)
    }
}

/// The asymmetric form (Fig. 5(b)): an activation f̂ after the addition that only the branch reads. Its maps come
/// from the public initialisers under the network's parameter names; the loop is written out.
private struct AsymmetricStack {
    /// f̂_l ahead of unit l; none ahead of unit 0, whose input the stem has activated.
    private var activations: [BatchNormalization<Double>?] = []
    private var branches: [Sequential<Double>] = []

    init(_ design: NetworkDesign, _ source: any ParameterSource) throws {
        let width = design.baseWidth * design.block.expansion
        for l in 0..<design.unitCount {
            activations.append(
                l == 0 ? nil : try Self.activation("units.\(l).branch.bn1", channels: width, source))
            var maps: [any DifferentiableMap<Double>] = []
            var channels = width
            for (k, layer) in design.block.layers.enumerated() {
                if k > 0 {
                    maps.append(try Self.activation("units.\(l).branch.bn\(k + 1)", channels: channels, source))
                }
                let outputs = design.baseWidth * layer.widths
                maps.append(
                    try Convolution<Double>(
                        name: "units.\(l).branch.conv\(k + 1)", inputs: channels, outputs: outputs, kernel: 1,
                        from: source))
                channels = outputs
            }
            branches.append(Sequential(maps))
        }
    }

    private static func activation(
        _ name: String, channels: Int, _ source: any ParameterSource
    ) throws -> BatchNormalization<Double> {
        try BatchNormalization(name: name, channels: channels, activation: .rectifier, from: source)
    }

    /// y_{l+1} = y_l + F(f̂(y_l)) upwards, g_l = g_{l+1} + f̂′ᵀF′ᵀg_{l+1} downwards.
    func lossAndGradient(
        network: Network<Double>, batch: LabelledBatch<Double>, pass: ForwardPass
    ) throws -> (y0: [Double], loss: Double, gradient: Tensor<Double>) {
        var y = try network.x0(of: batch.input, in: pass)
        let y0 = y.elements
        var derivatives: [(any Linearization<Double>)?] = []
        for (f, F) in zip(activations, branches) {
            let activated = try f?.linearize(y, in: pass)
            let branch = try F.linearize(activated?.tensor ?? y, in: pass)
            derivatives += [activated?.derivative, branch.derivative]
            y = combination(1, y, 1, branch.tensor)
        }
        let head = try network.head.linearize(y, in: pass)
        let (loss, cotangent) = try SoftmaxCrossEntropy(labels: batch.labels).evaluate(at: head.tensor)
        var g = try head.derivative.vjp(cotangent)
        for l in branches.indices.reversed() {
            let atActivation = try derivatives[2 * l + 1]?.vjp(g) ?? g
            g = combination(1, g, 1, try derivatives[2 * l]?.vjp(atActivation) ?? atActivation)
        }
        return (y0, loss, g)
    }
}
