import Analysis
import Kernels
import ProofSupport
import ResidualNetworks
import Tensors
import Testing

/// A trace lets go of every second x_l and makes it again from the unit below: that must not change a bit, and
/// must not fail whatever a branch is made of.
@Suite("Inputs made again")
struct RepeatedInputTests {
    private func rows<Scalar: KernelScalar>(
        _ network: Network<Scalar>, on batch: LabelledBatch<Scalar>, keeping: Set<Int>
    ) throws -> [PathNorms] {
        let forward = try ForwardTrace(
            network, batch: batch, pass: ForwardPass(masks: SeededMasks(seed: 1)), keepingInputs: keeping)
        guard let top = forward.topCotangent else { return [] }
        let stages = StagePartition(shapes: network.rowShapes(for: batch.input.shape)).stageOfRow
        return try BackwardTrace(forward, from: top, stages: stages).rows.map(\.norms)
    }

    private func difference<Scalar: KernelScalar>(
        _ stack: StackCase, in precision: Scalar.Type
    ) throws -> String? {
        let network: Network<Scalar> = try stack.network()
        let batch: LabelledBatch<Scalar> = stack.labelledBatch()
        // An input that someone else holds is found again, not made again.
        let kept = try rows(network, on: batch, keeping: Set(0..<network.units.count))
        let again = try rows(network, on: batch, keeping: [])
        guard let row = kept.indices.first(where: { kept[$0] != again[$0] }) else { return nil }
        return "\(precision), x_\(row): \(kept[row]) against \(again[row])"
    }

    @Test func sameBits() {
        expectNone(
            counterexample(to: "kept or made again", cases: 100) { (stack: StackCase) in
                try difference(stack, in: Double.self)
            })
    }

    /// Here λ·A(x) may be rounded once more than in the forward pass, where A changes the size.
    @Test func sameBitsInFloat() {
        expectNone(
            counterexample(to: "kept or made again", cases: 100) { (stack: StackCase) in
                try difference(stack, in: Float.self)
            })
    }

    /// The commonest network of all, where every second input goes.
    @Test func sameBitsInADeepBottleneck() throws {
        var stack = StackCase(seed: 4)
        (stack.isDense, stack.batch, stack.side, stack.width, stack.unitsPerStage) = (false, 4, 9, 4, 7)
        (stack.block, stack.layout, stack.decades) = (.bottleneck, .fullPreactivation, 0)
        // 1, and a power of two: no rounding of λ·A(x) that could come twice.
        for shortcut in [IdentityShortcut(), ScalingShortcut(lambda: 0.5)] as [any ShortcutDesign] {
            stack.shortcut = shortcut
            #expect(try difference(stack, in: Double.self) == nil)
            #expect(try difference(stack, in: Float.self) == nil)
        }
    }

    /// A linear map of one's own, which says that it is linear and nothing more.
    private struct Halving: DifferentiableMap {
        struct Derivative: Linearization {
            func vjp(_ cotangent: Tensor<Double>) -> Tensor<Double> { cotangent.map { 0.5 * $0 } }
            func jvp(_ tangent: Tensor<Double>) -> Tensor<Double> { tangent.map { 0.5 * $0 } }
        }
        let isLinear = true
        func linearize(_ x: Tensor<Double>, in pass: ForwardPass) -> Linearized<Double> {
            Linearized(value: x.map { 0.5 * $0 }, derivative: Derivative())
        }
    }

    /// A normalisation followed by any linear map may end a branch.
    @Test(arguments: ["own", "dropout", "scaled weight", "sequence", "weight"])
    func branchesMayEndInAnyLinearMap(end: String) throws {
        let source = HeInitialization(seed: 6)
        let design = NetworkDesign(
            architecture: DenseArchitecture(), block: .single, unitsPerStage: 6, baseWidth: 4, classes: 3,
            input: Shape(1, 5))
        let plain = try Network<Double>(design, parameters: source)
        let units = try (0..<6).map { l in
            let weight = try Convolution<Double>(
                name: "units.\(l).weight", inputs: 4, outputs: 4, kernel: 1, from: source)
            let last: any DifferentiableMap<Double> =
                switch end {
                case "own": Sequential([weight, Halving()])
                case "dropout": Dropout(name: "units.\(l).mask", dropProbability: 0.3)
                case "scaled weight": ScaledMap(0.5, weight)
                case "sequence": Sequential([Sequential([weight]), IdentityMap()])
                default: weight
                }
            let normalization = try BatchNormalization<Double>(
                name: "units.\(l).bn", channels: 4, activation: .rectifier, from: source)
            return ResidualUnit(
                shortcut: MapShortcut(IdentityMap(), factor: .exact(1)),
                branch: Sequential([normalization, last]))
        }
        let network = Network(design: design, stem: plain.stem, units: units, head: plain.head)
        let shape = Shape(9, 5)
        let images: Tensor<Double> = randomTensor(shape, seed: 6, name: "images")
        let batch = LabelledBatch(images.elements, shape: shape, labels: (0..<9).map { $0 % 3 })
        let kept = try rows(network, on: batch, keeping: Set(0..<6))
        #expect(try rows(network, on: batch, keeping: []) == kept)
        let result = try SignalAnalysis(network, on: batch).run()
        #expect(result.allChecksHold, "\(result.checks)")
    }
}
