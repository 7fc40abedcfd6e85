import Operators
import Tensors
import Testing

@testable import ONNX

/// What a node becomes, beside what it computes.
struct CatalogueReadingTests {
    typealias Input = EvaluatedNode.Input

    @Test("A user's choice of statistics comes before the node's mode")
    func statistics() throws {
        for (mode, choice, count) in [(0, nil, 5), (1, nil, 3), (0, .batch, 3), (1, .running, 5)]
            as [(Int, BatchNorm.Statistics?, Int)]
        {
            let node = FileNode(
                "BatchNormalization", inputs: ["x", "g", "b", "m", "v"], outputs: ["y"],
                attributes: ["training_mode": .int(mode)])
            let inputs = [Input.real(2, 3)] + (0..<4).map { _ in Input.real(3) }
            let found = try EvaluatedNode(
                node, version: 15, inputs: inputs, known: [3, 4], normalization: choice)
            #expect(found.reading.steps.map(\.operands.count) == [count])
        }
    }

    @Test("A bias of zeros is left out, another is not")
    func bias() throws {
        let node = FileNode("Conv", inputs: ["x", "w", "b"], outputs: ["y"])
        let ones = Value(Tensor<Double>([1, 1], shape: Shape(axes: [2])))
        for (bias, count) in [(Input.real(2), 2), (.init(value: ones, type: .float32), 3)] {
            let inputs = [Input.real(1, 1, 3), Input.real(2, 1, 1), bias]
            let found = try EvaluatedNode(node, version: 11, inputs: inputs, known: [1, 2])
            #expect(found.reading.steps.map(\.operands.count) == [count])
        }
    }

    @Test("Tensors without elements cost nothing, however long their other axes are")
    func withoutElements() throws {
        let long = Input.real(1 << 50, 0)
        let half = [Input.whole([0]), Input.whole([.max]), Input.whole([0]), Input.whole([2])]
        for (type, inputs, extents) in [
            ("Slice", [long] + half, [1 << 49, 0]),
            ("Expand", [long, Input.whole([2, 1, 1])], [2, 1 << 50, 0]),
            ("Transpose", [long], [0, 1 << 50]), ("Tile", [long, Input.whole([2, 2])], [1 << 51, 0]),
            ("CumSum", [long, Input.whole([1], [])], [1 << 50, 0]),
            ("TopK", [long, Input.whole([0])], [1 << 50, 0]),
            ("Trilu", [long], [1 << 50, 0]), ("ConstantOfShape", [Input.whole([1 << 50, 0])], [1 << 50, 0]),
        ] as [(String, [Input?], [Int])] {
            let node = FileNode(type, inputs: inputs.indices.map { "x\($0)" }, outputs: ["y"])
            let found = try EvaluatedNode(node, version: 18, inputs: inputs, known: Set(0..<5))
            #expect(found.outputs[0]?.value.shape == Shape(axes: extents), "\(type)")
        }
    }

    @Test("What is read says so by kind and version")
    func support() {
        #expect(OperatorCatalogue.supports(domain: "", type: "Conv", version: 11))
        #expect(!OperatorCatalogue.supports(domain: "", type: "Conv", version: 6))
        #expect(!OperatorCatalogue.supports(domain: "", type: "LSTM", version: 18))
        #expect(!OperatorCatalogue.supports(domain: "com.microsoft", type: "Conv", version: 1))
        #expect(OperatorCatalogue.supports(domain: "com.microsoft", type: "FastGelu", version: 1))
    }
}
