import Foundation
import Testing

@testable import Prediction

/// The law of an element: masks of what the stem leaves, and the steps of the walk behind f = ReLU.
struct ElementLawTests {
    @Test("∫Φ from the table is aΦ(a) + φ(a)")
    func integral() {
        let table = CumulativeNormalIntegral.table()
        for a in stride(from: -9.0, through: 9.0, by: 0.00137) {
            let exact = a * erfc(-a / 2.0.squareRoot()) / 2 + exp(-a * a / 2) / (2 * Double.pi).squareRoot()
            // The bound of the cubic, 2.4e−13; beyond ±8 what is left out is 1e−16.
            #expect(abs(table.value(at: a) - exact) < 3e-13, "at \(a)")
        }
    }

    // x_0 lies at 0 where its pre-activation is negative: half of its elements, of which a second ReLU's mask of the
    // smallest Gaussian noise takes half. A rounding of the mean must not decide over them.
    @Test(
        "A mask of the stem's own law is ¾, whichever way the mean is rounded", arguments: [-1e-16, 0, 1e-16])
    func stemMask(rounding: Double) {
        let moments = ActivationLayerMoments(activation: RectifierActivation())
        var signal = SignalMoments(
            groups: [
                ChannelGroup(
                    channels: 16, variance: ActivationLayerMoments.rectifiedVariance,
                    mean: ActivationLayerMoments.rectifiedMean * (1 + rounding))
            ], profile: SpatialProfile(uniform: 8), correlation: 0)
        signal.groups[0].law = ElementLaw(rectifiedPart: 1)
        let pulled = moments.linearize(signal).pullback.pull(GradientMoments(uniform: 1, like: signal))
        // A mask of noise of 1e−6 of the element is 1 but within 1e−6 of the edge.
        #expect(abs(pulled.energy - 0.75) < 2e-6)
    }

    @Test("A step that is alike takes the kernel of the recent one, and one that is not a kernel of its own")
    func kernels() {
        let cache = TransitionKernelCache()
        func kernel(_ deviation: Double) -> TransitionKernel {
            cache.kernel(
                for: TransitionKernel.Step(
                    grid: ElementGrid(step: 0.1, below: 60, above: 160),
                    nodes: [.init(weight: 1, shortcut: 1, branch: 1)], deviation: deviation, offset: 0,
                    scale: 1))
        }
        let first = kernel(1)
        #expect(kernel(1.00004) === first)
        #expect(kernel(1.0001) !== first)
        #expect(kernel(1) === first)
    }

    @Test("A kernel keeps mass and mean, and adds the variance of the step")
    func moments() {
        let grid = ElementGrid(step: 0.1, below: 100, above: 200)
        let kernel = TransitionKernel(
            TransitionKernel.Step(
                grid: grid, nodes: [.init(weight: 1, shortcut: 0.5, branch: 1)], deviation: 0.8, offset: 0,
                scale: 1))
        var masses = Array(repeating: 0.0, count: grid.count)
        masses[grid.below + 40] = 1
        let next = kernel.push(masses)
        let mean = next.enumerated().reduce(0) { $0 + $1.element * grid.node($1.offset) }
        let square = next.enumerated().reduce(0) { $0 + $1.element * pow(grid.node($1.offset) - mean, 2) }
        // ½·4, 0.8²; a band's cut leaves 1e−14 a node out.
        #expect(abs(next.reduce(0, +) - 1) < 1e-10)
        #expect(abs(mean - 2) < 1e-9 && abs(square - 0.64) < 1e-9)
    }
}
