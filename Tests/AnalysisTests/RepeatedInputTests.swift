import Analysis
import Graphs
import Kernels
import Operators
import ProofSupport
import ResidualNetworks
import Synchronization
import Tensors
import Testing

/// A plan releases every second x_l, what lies within units, or most x_l with it, and recomputes it from what is below: that must not
/// change a bit, and must not fail whatever a branch is made of.
@Suite("Rows that are recomputed")
struct RepeatedInputTests {
    private func rows<Scalar: KernelScalar>(
        _ network: Network<Scalar>, on batch: LabelledBatch<Scalar>,
        _ checkpointing: Checkpointing
    ) throws -> [PathNorms] {
        let model = try network.model(batch: batch.input.shape.batch)
        let plan = model.model.measuringPlan(checkpointing)
        let forward = try ForwardTrace(
            model.model, plan,
            network.arguments(model, input: batch.input, masks: SeededMasks(seed: 1)),
            loss: .crossEntropy(Labels(batch.labels)))
        guard let cotangent = forward.outputCotangent else { return [] }
        return try BackwardTrace(forward, from: cotangent).rows.map(\.norms)
    }

    private func difference<Scalar: KernelScalar>(
        _ stack: StackCase, in precision: Scalar.Type
    ) throws -> String? {
        let network: Network<Scalar> = try stack.network()
        let batch: LabelledBatch<Scalar> = stack.labelledBatch()
        let kept = try rows(network, on: batch, .none)
        for checkpointing in Checkpointing.allCases where checkpointing != .none {
            let again = try rows(network, on: batch, checkpointing)
            guard let row = kept.indices.first(where: { kept[$0] != again[$0] }) else { continue }
            return "\(precision), \(checkpointing), x_\(row): \(kept[row]) against \(again[row])"
        }
        return nil
    }

    @Test func sameBits() {
        expectNone(
            counterexample(to: "kept or recomputed", cases: 50) { (stack: StackCase) in
                try difference(stack, in: Double.self)
            })
    }

    @Test func sameBitsInFloat() {
        expectNone(
            counterexample(to: "kept or recomputed", cases: 50) { (stack: StackCase) in
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

    /// Rows are recomputed at all: every second one, where a normalised weight layer ends the branch.
    @Test func everySecondRowIsRecomputed() throws {
        let design = NetworkDesign(
            architecture: DenseArchitecture(), block: .basic, unitsPerStage: 9, baseWidth: 4, classes: 3,
            input: Shape(1, 5))
        let model = try design.model(batch: 9).model
        let recomputed = model.measuringPlan().recomputed
        // No derivative reads x_0, from which x_1 would have to be recomputed.
        #expect(recomputed == Set([2, 4, 6, 8].flatMap { model.rows[$0].values }))
        #expect(model.measuringPlan().keptElements < model.measuringPlan(.none).keptElements)
    }

    private struct Halving: ElementwiseOperator {
        let name = "Halving"
        func value(at x: Double) -> Double { 0.5 * x }
        func derivative(at x: Double) -> Double { 0.5 }
    }

    /// A normalisation followed by any linear map may end a branch.
    @Test(arguments: ["own", "dropout", "scaled weight", "identity", "weight"])
    func branchesMayEndInAnyLinearMap(end: String) throws {
        let units = (0..<6).map { l in
            OwnUnit(
                branch: { x, network in
                    let read = try network.layers(
                        [.normalization, .activation], of: x, normalization: "units.\(l).bn")
                    let weighted = try network.convolution(
                        read, name: "units.\(l).weight", outputs: 4, kernel: 1)
                    return switch end {
                    case "own": try network.apply(Halving(), to: weighted)
                    case "dropout": try network.dropout(read, name: "units.\(l).mask", probability: 0.3)
                    case "scaled weight": try network.scale(weighted, by: 0.5)
                    case "identity": try network.apply(Identity(), to: weighted)
                    default: weighted
                    }
                }, factor: .exact(1))
        }
        let network = try Network<Double>.own(
            units, inputs: 4, classes: 3, parameters: HeInitialization(seed: 6))
        let shape = Shape(9, 4)
        let images: Tensor<Double> = randomTensor(shape, seed: 6, name: "images")
        let batch = LabelledBatch(images.elements, shape: shape, labels: (0..<9).map { $0 % 3 })
        let kept = try rows(network, on: batch, .none)
        #expect(!kept.isEmpty)
        #expect(try rows(network, on: batch, .alternateRows) == kept)
        let result = try SignalAnalysis(network, on: batch).run()
        #expect(result.allChecksHold, "\(result.checks)")
    }

    /// x², counting its values.
    private struct CountedSquare: ElementwiseOperator {
        final class Counter: Sendable {
            private let values = Mutex(0)
            func add() { values.withLock { $0 += 1 } }
            func reset() -> Int { values.withLock { exchange(&$0, with: 0) } }
        }

        let counter: Counter
        let name = "CountedSquare"
        func value(at x: Double) -> Double { x * x }
        func derivative(at x: Double) -> Double { 2 * x }
        func value<Scalar: KernelScalar>(of operands: [Value<Scalar>]) throws -> Evaluation<Scalar> {
            counter.add()
            return Evaluation(Scalar.kernels.map(try operands[0].tensor) { value(at: $0) })
        }
    }

    /// A sweep computes a branch again at most once, down or up, also where a segment's rows hang on each other.
    @Test(arguments: Checkpointing.allCases, [1, 0.5])
    func nothingIsRecomputedTwiceInASweep(checkpointing: Checkpointing, lambda: Double) throws {
        let counter = CountedSquare.Counter()
        let units = (0..<40).map { l in
            OwnUnit(
                shortcut: { try $1.scale($0, by: lambda) },
                branch: { x, network in
                    let square = try network.apply(CountedSquare(counter: counter), to: x)
                    return try network.convolution(square, name: "units.\(l).weight", outputs: 4, kernel: 1)
                }, factor: .exact(lambda))
        }
        let network = try Network<Double>.own(
            units, inputs: 4, classes: 3,
            // Squares of squares stay small.
            parameters: ScaledParameters(HeInitialization(seed: 6), factor: 0.01) { _ in true })
        let shape = Shape(9, 4)
        let images: Tensor<Double> = randomTensor(shape, seed: 6, name: "images")
        let batch = LabelledBatch(images.elements, shape: shape, labels: (0..<9).map { $0 % 3 })
        let model = try network.model(batch: 9)
        let plan = model.model.measuringPlan(checkpointing)
        if checkpointing == .segments { #expect(plan.keptElements < 0.5 * model.model.rowElements) }
        let forward = try ForwardTrace(
            model.model, plan,
            network.arguments(model, input: batch.input, masks: SeededMasks(seed: 1)),
            loss: .crossEntropy(Labels(batch.labels)))
        #expect(counter.reset() == 40)
        let cotangent = try #require(forward.outputCotangent)
        let backward = try BackwardTrace(forward, from: cotangent, keeping: [0, 40])
        #expect(counter.reset() <= 40)
        let probes = try ProbeSweep(
            forward: forward, backward: backward, outputCotangent: cotangent, seed: 1
        ).push(from: [0]).probes
        #expect(counter.reset() <= 40)
        #expect(probes.count == 1)
    }
}
