import Graphs
import Kernels
import Operators
import ProofSupport
import Tensors
import Testing

/// What fusion and putting normalisations off make of derivatives to the input: nothing but rounding.
struct FusedGraphTests {
    /// y = x + F(x), with F of two layers, and between them what is named.
    struct Stack: Sendable, CustomTestStringConvertible {
        let normalizes: Bool
        let addsFirst: Bool
        /// Inside F: conv(a) + a, which fuses into a layer too.
        let addsWithin: Bool
        let input: Shape

        var testDescription: String {
            "\(input)\(normalizes ? ", BN" : "")\(addsFirst ? ", F + x" : "")\(addsWithin ? ", a + conv(a)" : "")"
        }

        static let all: [Stack] = {
            // Of the second one, maps exceed what layers take for a shared cache (8 MiB).
            let inputs = [Shape(16, 8, 6, 6), Shape(16, 8, 132, 132)]
            return inputs.flatMap { input in
                [true, false].flatMap { normalizes in
                    [(false, false), (true, true)].map {
                        Stack(normalizes: normalizes, addsFirst: $0.0, addsWithin: $0.1, input: input)
                    }
                }
            }
        }()

        private var kernel: Int { input.area > 1000 ? 1 : 3 }

        /// The graph, with the edge of F.
        func graph() throws -> (graph: Graph, branch: Merge.Leaf) {
            var builder = GraphBuilder()
            let x = builder.input("x", shape: input)
            var a = x
            for layer in 1...2 {
                let read = normalizes ? try normalized(a, layer, &builder) : a
                let convolved = try convolved(read, layer, &builder)
                a = addsWithin && layer == 2 ? try builder.apply(Add(), to: a, convolved) : convolved
            }
            let sum = try builder.apply(Add(), to: addsFirst ? [a, x] : [x, a])
            return (try builder.graph(output: sum), Merge.Leaf(value: a, sum: sum, slot: addsFirst ? 0 : 1))
        }

        private func normalized(
            _ x: Graph.ValueID, _ layer: Int, _ builder: inout GraphBuilder
        ) throws -> Graph.ValueID {
            let scale = builder.parameter("scale\(layer)", shape: Shape(axes: [input.channels]))
            let shift = builder.parameter("shift\(layer)", shape: Shape(axes: [input.channels]))
            return try builder.apply(Relu(), to: builder.apply(BatchNorm(.batch), to: x, scale, shift))
        }

        private func convolved(
            _ x: Graph.ValueID, _ layer: Int, _ builder: inout GraphBuilder
        ) throws -> Graph.ValueID {
            let axis = ConvolutionWindow.Axis(kernel: kernel, before: kernel / 2, after: kernel / 2)
            let filter = builder.parameter(
                "filter\(layer)", shape: Shape(input.channels, input.channels, kernel, kernel))
            return try builder.apply(Conv(ConvolutionWindow([axis, axis])), to: x, filter)
        }

        func arguments<Scalar: KernelScalar>(_ graph: Graph) -> GraphArguments<Scalar> {
            let parameters = graph.nodes.compactMap { node -> (String, Tensor<Scalar>)? in
                guard case .parameter(let name) = node.source else { return nil }
                // Of the size that He et al. (2015) draw, so that no sum leaves the middle of the range.
                let size =
                    name.hasPrefix("filter") ? (2 / Double(kernel * kernel * input.channels)).squareRoot() : 1
                return (name, randomTensor(node.shape, seed: 1, name: name).map { $0 * Scalar(size) })
            }
            return GraphArguments(
                inputs: ["x": Value(randomTensor(input, seed: 1, name: "x"))],
                parameters: Dictionary(uniqueKeysWithValues: parameters))
        }
    }

    private struct Found<Scalar: KernelScalar> {
        let gradient: Tensor<Scalar>
        let total: Tensor<Scalar>
        let direct: Tensor<Scalar>
        let throughWeights: Tensor<Scalar>
        let layers: Int

        init(_ stack: Stack, fusing: Bool) throws {
            let (graph, branch) = try stack.graph()
            let used = fusing ? graph.fused(keeping: [branch.value]) : graph
            let evaluation: GraphEvaluation<Scalar> = try GraphEvaluation(
                EvaluationPlan(used, derivativesTo: [0]), stack.arguments(graph))
            let cotangent = ScaledTensor(
                randomTensor(stack.input, seed: 2, name: "cotangent", as: Scalar.self), factor: 1.5,
                exponent: -3)
            var gradient: Tensor<Scalar>?
            try ReverseSweep<Cotangent<Scalar>>(visiting: [0]).run(
                evaluation, from: [graph.output: .resolved(cotangent)]
            ) { gradient = $1.resolve().plain }
            let terms = try #require(
                try PathSweep(evaluation, from: cotangent, cutting: [branch], at: [0])[0])
            self.gradient = try #require(gradient)
            (total, direct) = (terms.total.plain, terms.direct.plain)
            throughWeights = terms.throughWeights.plain
            layers = Self.layers(below: graph.output, in: used)
        }

        /// What the output needs, of fused layers.
        private static func layers(below output: Graph.ValueID, in graph: Graph) -> Int {
            var (open, seen) = ([output], Set<Graph.ValueID>())
            while let id = open.popLast() {
                if seen.insert(id).inserted { open += graph.operands(of: id) }
            }
            return seen.filter { graph.nodes[$0].operation?.name == "WeightLayer" }.count
        }

        var parts: [Tensor<Scalar>] { [gradient, total, direct, throughWeights] }
    }

    /// 1e−13 of Double is some hundred roundings of sums in another order; 1e−5 of Float likewise.
    @Test(arguments: Stack.all)
    func derivativesToTheInputAreTheSame(_ stack: Stack) throws {
        let layers = stack.normalizes ? 2 : stack.addsWithin ? 1 : 0
        let (single, fused) = (
            try Found<Float>(stack, fusing: false), try Found<Float>(stack, fusing: true)
        )
        #expect(single.layers == 0 && fused.layers == layers)
        for (part, plain) in zip(fused.parts, single.parts) { #expect(relativeError(part, plain) < 1e-5) }
        // The reference takes its time.
        guard stack.input.count < 10_000 else { return }
        let exact = try Found<Double>(stack, fusing: false)
        for (part, plain) in zip(try Found<Double>(stack, fusing: true).parts, exact.parts) {
            #expect(relativeError(part, plain) < 1e-13)
        }
        for (part, plain) in zip(fused.parts, exact.parts) {
            #expect(relativeError(part.converted(), plain) < 1e-5)
        }
    }

    /// A batch normalisation finds the channel statistics with the value of a layer, and nobody else does.
    @Test func statisticsComeWhereTheyAreAskedFor() throws {
        for isOfBatch in [true, false] {
            var builder = GraphBuilder()
            let x = builder.input("x", shape: Shape(16, 8, 6, 6))
            func parameters(_ layer: Int) -> [Graph.ValueID] {
                ["scale", "shift"].map { builder.parameter("\($0)\(layer)", shape: Shape(axes: [8])) }
            }
            func normalized(_ x: Graph.ValueID, _ layer: Int) throws -> Graph.ValueID {
                guard !isOfBatch else {
                    return try builder.apply(BatchNorm(.batch), to: [x] + parameters(layer))
                }
                let running = ["mean", "variance"].map {
                    builder.parameter("\($0)\(layer)", shape: Shape(axes: [8]))
                }
                return try builder.apply(BatchNorm(.running), to: [x] + parameters(layer) + running)
            }
            func convolved(_ x: Graph.ValueID, _ layer: Int) throws -> Graph.ValueID {
                let filter = builder.parameter("filter\(layer)", shape: Shape(8, 8, 1, 1))
                let axis = ConvolutionWindow.Axis(kernel: 1)
                return try builder.apply(Conv(ConvolutionWindow([axis, axis])), to: x, filter)
            }
            let first = try convolved(normalized(x, 1), 1)
            let second = try convolved(normalized(first, 2), 2)
            let graph = try builder.graph(output: second)
            let parameters = Dictionary(
                uniqueKeysWithValues: graph.nodes.compactMap { node -> (String, Tensor<Float>)? in
                    guard case .parameter(let name) = node.source else { return nil }
                    let numbers: Tensor<Float> = randomTensor(node.shape, seed: 1, name: name)
                    return (name, name.hasPrefix("variance") ? numbers.map { $0 * $0 } : numbers)
                })
            let evaluation = try GraphEvaluation(
                EvaluationPlan(graph.fused(keeping: []), derivativesTo: [x], keeping: [first]),
                GraphArguments(
                    inputs: [
                        "x": Value(randomTensor(Shape(16, 8, 6, 6), seed: 1, name: "x", as: Float.self))
                    ],
                    parameters: parameters))
            func hasStatistics(_ id: Graph.ValueID) -> Bool {
                if case .real(_, .some) = evaluation[id] { true } else { false }
            }
            #expect(hasStatistics(first) == isOfBatch && !hasStatistics(second))
        }
    }
}

extension Tensor {
    fileprivate func converted() -> Tensor<Double> { Tensor<Double>(rounding: doubles, shape: shape) }
}
