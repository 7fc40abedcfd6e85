import Analysis
import Claims
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
            let rearranged = MovedStateClaim.movingState(of: network)
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
        let masks = SeededMasks(seed: 0)
        let measured = try #require(try MeasuredStack(network, on: batch, masks: masks))
        let (loss, gradient) = try AsymmetricStack(network, design: design).lossAndGradient(
            on: batch, masks: masks)
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
