import Graphs
import Kernels
import ONNX
import Operators
import Tensors
import Testing

@Suite("Statistics that a file computes of the signal")
struct SignalStatisticsTests {
    /// As a normalisation without running statistics is exported: mean and mean square of the batch feed the slots of the
    /// running ones. It is then batch normalisation, with the derivative through the statistics.
    @Test("Mean and variance of the batch in a BatchNormalization of inference mode carry derivatives")
    func derivativePassesStatistics() throws {
        func model(computesStatistics: Bool) throws -> ReadModel<Double> {
            var nodes: [FileNode] = []
            if computesStatistics {
                let axes: [String: Attribute] = ["axes": .ints([0, 2, 3]), "keepdims": .int(0)]
                let wide: [String: Attribute] = ["axes": .ints([0, 2, 3]), "keepdims": .int(1)]
                nodes = [
                    FileNode("ReduceMean", inputs: ["x"], outputs: ["mean"], attributes: axes),
                    FileNode("ReduceMean", inputs: ["x"], outputs: ["wide"], attributes: wide),
                    FileNode("Sub", inputs: ["x", "wide"], outputs: ["centred"]),
                    FileNode("Mul", inputs: ["centred", "centred"], outputs: ["squares"]),
                    FileNode("ReduceMean", inputs: ["squares"], outputs: ["variance"], attributes: axes),
                ]
            }
            nodes.append(
                FileNode(
                    "BatchNormalization", inputs: ["x", "scale", "shift", "mean", "variance"],
                    outputs: ["y"],
                    attributes: computesStatistics ? [:] : ["training_mode": .int(1)]))
            func vector(_ name: String, _ numbers: [Double]) -> FileTensor {
                FileTensor(name, type: .float64, shape: Shape(axes: [2]), content: .reals(numbers))
            }
            let held = computesStatistics ? [] : [vector("mean", [0, 0]), vector("variance", [1, 1])]
            let file = ModelFile(
                operatorSets: ["": 15],
                graph: FileGraph(
                    nodes: nodes,
                    initializers: [vector("scale", [1.5, -0.5]), vector("shift", [0.25, 1])] + held,
                    inputs: [
                        FileValue("x", type: .float64, extents: [.fixed(3), .fixed(2), .fixed(1), .fixed(2)])
                    ],
                    outputs: [FileValue("y", type: .float64, extents: nil)]))
            let x = Tensor<Double>(
                (0..<12).map { Double($0 * $0 % 7) - 2.5 }, shape: Shape(3, 2, 1, 2))
            return try ReadModel(file, file: "hand-made", arrays: ["x": Value(x)])
        }
        func pulled(_ model: ReadModel<Double>) throws -> (value: [Double], cotangent: [Double]) {
            let graph = model.graph
            let input = try graph.value(named: "x")
            let evaluation = try GraphEvaluation(
                EvaluationPlan(graph, derivativesTo: [input]), model.arguments)
            let c = Tensor<Double>((0..<12).map { 1 / Double($0 + 1) }, shape: Shape(3, 2, 1, 2))
            let sweep = try PathSweep(evaluation, from: ScaledTensor(c), cutting: [], at: [input])
            let found = try #require(sweep[input])
            return (try evaluation.output.elements, found.total.plain.elements)
        }
        let (computed, given) = (
            try pulled(model(computesStatistics: true)), try pulled(model(computesStatistics: false))
        )
        // The same function in another order of operations.
        for (a, b) in zip(computed.value, given.value) { #expect(abs(a - b) < 1e-13) }
        for (a, b) in zip(computed.cotangent, given.cotangent) { #expect(abs(a - b) < 1e-13) }
        #expect(given.cotangent.contains { abs($0) > 0.01 })
    }
}
