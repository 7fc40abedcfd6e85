import Kernels
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

@Suite("Forward pass")
struct ForwardPassTests {
    private let x: Tensor<Double> = randomTensor(Shape(4, 3, 2, 2), seed: 1, name: "x")

    /// A flattened map shares its memory, and has other channels.
    @Test func statisticsOfAFlattenedMapAreItsOwn() throws {
        let pass = ForwardPass(masks: SeededMasks(seed: 0))
        #expect(pass.channelStatistics(of: x) == Double.kernels.channelStatistics(x))
        let flat = Flattening<Double>().linearize(x, in: pass).tensor
        #expect(pass.channelStatistics(of: flat) == Double.kernels.channelStatistics(flat))
        #expect(pass.channelStatistics(of: flat).mean.count == 12)
    }

    /// The same tensor is measured once, another one again.
    @Test func statisticsFollowTheTensor() {
        let pass = ForwardPass(masks: SeededMasks(seed: 0))
        var changed = x
        #expect(pass.channelStatistics(of: x) == pass.channelStatistics(of: changed))
        changed.withUnsafeMutableBufferPointer { $0[0] += 1 }
        #expect(pass.channelStatistics(of: changed) == Double.kernels.channelStatistics(changed))
    }

    /// What a linearization keeps is the unit's reference for the unit's input, and its own for anything else:
    /// also when the input has gone and its memory is used again.
    @Test func referencesAreThoseOfTheTensor() {
        let pass = ForwardPass(masks: SeededMasks(seed: 0))
        let unitInput = TensorReference(x)
        pass.begin(unitInput: unitInput)
        #expect(pass.reference(to: x) === unitInput)
        #expect(pass.reference(to: x.reshaped(Shape(4, 12))) !== unitInput)
        for _ in 0..<100 {
            let gone = TensorReference(x.map { $0 + 1 })
            pass.begin(unitInput: gone)
            gone.release()
            let next = x.map { 2 * $0 }
            #expect(pass.reference(to: next).tensor?.elements == next.elements)
            #expect(pass.reference(to: next) !== gone)
        }
    }

    @Test func runningStatisticsAreReturnedAndNamed() throws {
        let normalization = try BatchNormalization<Double>(
            name: "bn", channels: 3, activation: .none, from: HeInitialization(seed: 0))
        let pass = ForwardPass(masks: SeededMasks(seed: 0))
        let trained = try normalization.linearize(x, in: pass).tensor
        #expect(pass.batchStatistics == ["bn": Double.kernels.channelStatistics(x)])
        // Inference with these statistics gives the same value and leaves none behind.
        let inference = ForwardPass(mode: .inference(pass.batchStatistics), masks: SeededMasks(seed: 0))
        #expect(try normalization.linearize(x, in: inference).tensor.elements == trained.elements)
        #expect(inference.batchStatistics.isEmpty)
    }

    /// A network of shapes alone that is given its parameters by the pass computes what one built from them does, bit
    /// for bit: with biases, gates used on two paths and projections, whatever the pass keeps.
    @Test(arguments: UnitLayout.paper.map(\.name), [false, true])
    func parametersMayComeWithThePass(unit: String, keepsParameterInputs: Bool) throws {
        let layout = try #require(UnitLayout.paper.first { $0.name == unit })
        let shortcuts: [any ShortcutDesign] = [
            IdentityShortcut(), ScalingShortcut(lambda: 0.5), ExclusiveGateShortcut(bias: -1),
            ShortcutOnlyGateShortcut(bias: -1), ConvolutionShortcut(), DropoutShortcut(dropProbability: 0.5),
            NoShortcut(),
        ]
        for shortcut in shortcuts {
            let design = NetworkDesign(
                block: .bottleneck, unitsPerStage: 1, layout: layout, shortcut: shortcut, baseWidth: 4,
                classes: 3, input: Shape(1, 3, 8, 8))
            let source = VariedParameters(seed: 3, decades: 0)
            let images: Tensor<Float> = randomTensor(Shape(2, 3, 8, 8), seed: 4, name: "images")
            func logits(
                _ built: any ParameterSource, passing parameters: (any ParameterSource)?
            ) throws -> [Float] {
                let network = try Network<Float>(design, parameters: built)
                let pass = ForwardPass(
                    masks: SeededMasks(seed: 5), keepsParameterInputs: keepsParameterInputs,
                    parameters: parameters)
                let x = try network.x0(of: images.reblocked(to: Float.kernels.channelBlock), in: pass)
                return try network.logits(from: x, firstUnit: 0, in: pass).elements
            }
            let expected = try logits(source, passing: nil)
            #expect(Set(expected).count > 3, "\(shortcut.name): logits that do not tell parameters apart")
            #expect(try logits(ShapesAlone(), passing: source) == expected, "\(shortcut.name)")
            #expect(try logits(HeInitialization(seed: 6), passing: source) == expected, "\(shortcut.name)")
        }
    }
}
