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
}
