import Foundation
import TemporaryFolders
import Tensors
import Testing

@testable import ONNX

/// Files that ONNX's own Python package wrote (Scripts/onnx/make_file_fixtures.py).
struct FileFixtureTests {
    private struct Numbers: Decodable {
        let shape: [Int]
        /// Exactly: 64-bit whole numbers are no Doubles.
        let values: [Decimal]
    }

    private static func path(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)").path
    }

    private static func numbers() throws -> [String: Numbers] {
        try JSONDecoder().decode(
            [String: Numbers].self, from: Data(contentsOf: URL(filePath: path("numbers.json"))))
    }

    @Test(
        "Numbers of every type, raw and typed, within the file and beside it",
        arguments: ["numbers", "external"])
    func tensors(name: String) throws {
        let model = try ModelFile(path: Self.path("\(name).onnx"))
        let expected = try Self.numbers()
        #expect(model.graph.initializers.count == (name == "numbers" ? 26 : 2))
        for tensor in model.graph.initializers {
            let numbers = try #require(expected[tensor.name])
            #expect(tensor.shape == Shape(axes: numbers.shape))
            if tensor.type.kind == .real {
                // JSON has no more than the shortest text that is read as the same Double.
                let doubles = numbers.values.map { Double("\($0)") }
                #expect(try tensor.values(as: Double.self).elements == doubles, "\(tensor.name)")
                #expect(
                    try tensor.values(as: Float.self).elements == doubles.map { $0.map { Float($0) } },
                    "\(tensor.name)")
            } else {
                #expect(try tensor.wholes() == numbers.values.map { Int("\($0)") }, "\(tensor.name)")
            }
        }
    }

    @Test("Nodes, attributes, graphs within, functions and metadata")
    func nodes() throws {
        let model = try ModelFile(path: Self.path("nodes.onnx"))
        #expect(model.irVersion == 10 && model.producer == "onnx 1.18.0")
        #expect(model.operatorSets == ["": 20, "own": 1] && model.metadata == ["key": "text"])
        let graph = model.graph
        #expect(graph.name == "nodes")
        #expect(
            graph.inputs == [
                FileValue("x", type: .float32, extents: [.symbol("n"), .fixed(3)]),
                FileValue("c", type: .bool, extents: []),
            ])
        #expect(graph.outputs == [FileValue("y", type: .float32, extents: [.unknown, .fixed(3)])])
        #expect(try graph.initializers.map { try $0.values(as: Float.self).elements } == [[6]])
        #expect(graph.nodes.map(\.type) == ["If", "Clip", "Own", "Leaky"])
        #expect(
            graph.nodes[0].attributes.mapValues(\.text) == [
                "then_branch": "Identity", "else_branch": "Identity",
            ])
        #expect(graph.nodes[1].inputs == ["z", "", "high"])
        #expect(graph.nodes[1].metadata == ["pkg.torch.onnx.name_scopes": "['', 'layer1']"])
        #expect(
            graph.nodes[2].attributes.mapValues(\.text) == [
                "alpha": "0.25", "count": "-3", "text": "é", "sizes": "[1, 0, -1]", "rates": "[0.5, 2.0]",
                "words": "[\"\", \"b\"]", "table": "table [4, 5]",
            ])
        let leaky = try #require(model.functions.first)
        #expect(leaky.domain == "own" && leaky.name == "Leaky" && leaky.attributes == ["slope"])
        #expect(leaky.nodes.first?.attributes.mapValues(\.text) == ["alpha": "→ slope"])
        #expect(leaky.defaults.mapValues(\.text) == ["unused": "2"] && leaky.operatorSets == ["": 20])
    }

    @Test("What is written of them is read as the same", arguments: ["numbers", "external"])
    func rewriting(name: String) throws {
        let model = try ModelFile(path: Self.path("\(name).onnx"))
        let folder = try TemporaryFolder()
        let again = try folder.model(model.bytes())
        #expect(try again.outline == model.outline)
    }
}
