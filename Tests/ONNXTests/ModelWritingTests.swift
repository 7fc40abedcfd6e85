import Files
import Foundation
import ProtocolBuffers
import TemporaryFolders
import Tensors
import Testing

@testable import ONNX

struct ModelWritingTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Something of everything that is written.
    private static var model: ModelFile {
        let inner = FileGraph(
            name: "then", nodes: [FileNode("Identity", inputs: ["x"], outputs: ["z"])],
            initializers: [FileTensor("i", type: .bool, shape: Shape(axes: [2]), content: .wholes([1, 0]))],
            inputs: [], outputs: [FileValue("z", type: .float32, extents: nil)])
        let node = FileNode(
            "Clip", name: "clip", domain: "own", inputs: ["x", "", "w"], outputs: ["y"],
            attributes: [
                "float": .float(0), "int": .int(-7), "string": .string("é"), "floats": .floats([0.5, 0]),
                "ints": .ints([0, .min]), "strings": .strings(["", "b"]), "graph": .graph(inner),
                "tensor": .tensor(
                    FileTensor("", type: .int64, shape: Shape(axes: [] as [Int]), content: .wholes([5]))),
                "none": .ints([]),
            ], metadata: ["pkg.torch.onnx.name_scopes": "['', 'a']"], overload: "over")
        let graph = FileGraph(
            name: "main", nodes: [node], initializers: tensors,
            inputs: [
                FileValue("x", type: .float32, extents: [.symbol("batch"), .fixed(0), .unknown]),
                FileValue("s", type: .int64, extents: []), FileValue("u", type: nil, extents: nil),
            ], outputs: [FileValue("y", type: .float16, extents: nil)])
        let function = FileFunction(
            domain: "own", name: "Clip", inputs: ["a"], outputs: ["b"], attributes: ["alpha"],
            defaults: ["beta": .float(2)], nodes: [FileNode("Relu", inputs: ["a"], outputs: ["b"])],
            operatorSets: ["": 20], overload: "over")
        return ModelFile(
            irVersion: 9, producer: "propagate", operatorSets: ["": 20, "own": 1], graph: graph,
            functions: [function], metadata: ["b": "2", "a": ""])
    }

    private static var tensors: [FileTensor] {
        let pair = Shape(axes: [2, 1])
        return [
            FileTensor("f32", type: .float32, shape: pair, content: .float32([-0.0, 1 / 3])),
            FileTensor("f64", type: .float64, shape: pair, content: .reals([1.0 / 3, .infinity])),
            FileTensor("f16", type: .float16, shape: pair, content: .reals([0.333251953125, -2])),
            FileTensor("b16", type: .bfloat16, shape: pair, content: .float32([0.333984375, 3])),
            FileTensor("i8", type: .int8, shape: pair, content: .wholes([-128, 127])),
            FileTensor("u16", type: .uint16, shape: pair, content: .wholes([0, 65535])),
            FileTensor("i32", type: .int32, shape: pair, content: .wholes([Int(Int32.min), 1])),
            FileTensor("u64", type: .uint64, shape: pair, content: .wholes([0, .max])),
            FileTensor("flags", type: .bool, shape: pair, content: .wholes([1, 0])),
            FileTensor(
                "single", type: .float32, shape: pair,
                content: .single(Tensor([0.25, 1 / 3], shape: Shape(2, 1)))),
            FileTensor(
                "double", type: .float64, shape: pair,
                content: .double(Tensor([1.0 / 3, -2], shape: Shape(2, 1)))),
            FileTensor(
                "mask", type: .bool, shape: pair, content: .double(Tensor([0, 2], shape: Shape(2, 1)))),
            FileTensor("none", type: .float32, shape: Shape(axes: [0, 3]), content: .float32([])),
        ]
    }

    @Test("What is written is read as the same")
    func roundTrip() throws {
        let path = folder.path("m.onnx")
        try Self.model.write(to: path)
        let read = try ModelFile(path: path)
        #expect(try read.outline == Self.model.outline)
        // Weights that lie in a mapped file now are written from there, over that very file.
        try read.write(to: path)
        #expect(try ModelFile(path: path).outline == Self.model.outline)
        #expect(try read.outline == Self.model.outline)
        #expect(try folder.names() == ["m.onnx"])
    }

    @Test("A file and the bytes are the same, and so are those of equal models")
    func bytes() throws {
        try Self.model.write(to: folder.path("m.onnx"))
        let bytes = try Self.model.bytes()
        #expect(try Array(folder.data("m.onnx")) == bytes)
        #expect(try Self.model.bytes() == bytes)
    }

    @Test("Real numbers are rounded to the nearest of their type")
    func rounding() throws {
        let numbers = [0.1, 1e300, -1e-9]
        let tensors = [ElementType.float32, .float64, .float16].map {
            FileTensor("\($0)", type: $0, shape: Shape(axes: [3]), content: .reals(numbers))
        }
        let graph = FileGraph(nodes: [], initializers: tensors, inputs: [], outputs: [])
        let read = try folder.model(ModelFile(operatorSets: ["": 20], graph: graph).bytes())
        let values = try read.graph.initializers.map { try $0.values(as: Double.self).elements }
        // 0.1 in half precision is 1638.4 units of 2⁻¹⁴; 10⁻⁹ is below half its least number.
        #expect(values == [numbers.map { Double(Float($0)) }, numbers, [1638 * 0x1p-14, .infinity, -0.0]])
    }

    @Test("A network's tensors are written row by row, however they lie in memory")
    func tensorsOfNetworks() throws {
        let numbers: [Float] = (0..<12).map { Float($0) / 7 }
        let shape = Shape(1, 3, 2, 2)
        let blocked = Tensor(numbers, shape: shape, block: 8)
        let tensors = [
            FileTensor("blocked", type: .float32, shape: shape, content: .single(blocked)),
            FileTensor("wide", type: .float64, shape: shape, content: .single(blocked)),
            FileTensor("mask", type: .bool, shape: shape, content: .single(blocked)),
        ]
        let graph = FileGraph(nodes: [], initializers: tensors, inputs: [], outputs: [])
        let read = try folder.model(ModelFile(operatorSets: ["": 20], graph: graph).bytes()).graph
            .initializers
        #expect(try read[0].values(as: Float.self).elements == numbers)
        #expect(try read[1].values(as: Float.self).elements == numbers)
        #expect(try read[2].wholes() == [0] + Array(repeating: 1, count: 11))
        // Without a file too.
        #expect(try tensors[0].values(as: Double.self).elements == numbers.map(Double.init))
        #expect(try tensors[2].wholes() == [0] + Array(repeating: 1, count: 11))
    }

    @Test("Weights of other files come into the one that is written")
    func external() throws {
        try folder.write(HandMade.raw([1, 2] as [Float]), to: "w")
        let model = try folder.model(HandMade.model(type: 1, [2], HandMade.external([("location", "w")])))
        try model.write(to: folder.path("whole.onnx"))
        try FileManager.default.removeItem(atPath: folder.path("w"))
        let weights = try ModelFile(path: folder.path("whole.onnx")).graph.initializers
        #expect(try weights.first?.values(as: Float.self).elements == [1, 2])
    }

    @Test("A model beyond the size of a protocol buffer is refused before a file is made")
    func tooLarge() throws {
        // 2 GiB that take no space, in two parts.
        try folder.writeSparse(1 << 30, to: "w")
        let model = try folder.model(
            HandMade.model { graph in
                for name in ["a", "b"] {
                    let place = HandMade.external([("location", "w")])
                    graph.append(5, message: HandMade.tensor(name, type: 1, [1 << 28], place))
                }
            })
        let path = folder.path("large.onnx")
        let error = #expect(throws: ModelFileError.self) { try model.write(to: path) }
        guard case .tooLarge(path, let bytes) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect((1 << 31..<1 << 31 + 200).contains(bytes))
        #expect(
            error?.description == "\(path) would have \(bytes) bytes, and an ONNX file has at most 2147483647"
        )
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("What cannot be written is named")
    func refusals() throws {
        func refusal(_ tensor: FileTensor) -> String {
            refusal(FileGraph(nodes: [], initializers: [tensor], inputs: [], outputs: []))
        }
        func refusal(_ graph: FileGraph) -> String {
            do {
                _ = try ModelFile(operatorSets: ["": 20], graph: graph).bytes()
                return "it is written"
            } catch { return error.description }
        }
        let pair = Shape(axes: [2])
        #expect(
            refusal(FileTensor("w", type: .float32, shape: pair, content: .float32([1])))
                == "tensor w of shape (2) needs 2 numbers and has 1")
        #expect(
            refusal(FileTensor("w", type: .float32, shape: pair, content: .wholes([1, 2])))
                == "tensor w is of type float32 and has whole numbers")
        #expect(
            refusal(FileTensor("w", type: .int8, shape: pair, content: .reals([1, 2])))
                == "tensor w is of type int8 and has real numbers")
        #expect(
            refusal(FileTensor("w", type: .int8, shape: pair, content: .single(Tensor([1, 2], shape: pair))))
                == "tensor w is of type int8 and has real numbers")
        #expect(
            refusal(
                FileTensor("w", type: .bool, shape: pair, content: .double(Tensor([1], shape: Shape(1, 1)))))
                == "tensor w of shape (2) needs 2 numbers and has 1")
        #expect(
            refusal(FileTensor("w", type: .int8, shape: pair, content: .wholes([1, 200])))
                == "tensor w of type int8 cannot hold 200")
        #expect(
            refusal(FileTensor("w", type: .string, shape: pair, content: .unread))
                == "tensor w is of type string, which is not written")
        #expect(
            refusal(FileTensor("w", type: .int8, shape: pair, content: .unread)) == "tensor w has no numbers")
        for attribute in [Attribute.other, .reference("alpha")] {
            let node = FileNode("Elu", name: "elu", inputs: [], outputs: [], attributes: ["a": attribute])
            #expect(
                refusal(FileGraph(nodes: [node], inputs: [], outputs: []))
                    == "node elu of the model has the attribute a, which is not written")
        }
        #expect(
            refusal(FileGraph(nodes: [], inputs: [], outputs: [], hasSparseInitializers: true))
                == "the graph of the model has sparse weights, which are not written")
        let error = #expect(throws: ModelFileError.self) {
            try Self.model.write(to: folder.path("no/m.onnx"))
        }
        #expect(error?.description == "cannot write \(folder.path("no/m.onnx")): No such file or directory")
    }
}

/// All that a model says, for comparisons: numbers by their bits.
extension ModelFile {
    var outline: String {
        get throws {
            let functions = try functions.map { function in
                """
                \(function.domain) \(function.name) \(function.overload) \(function.inputs) \(function.outputs)
                \(function.attributes) \(try function.defaults.outline) \(function.operatorSets.sorted { $0.key < $1.key })
                \(try function.nodes.map { try $0.outline })
                """
            }
            return """
                \(irVersion) \(producer) \(operatorSets.sorted { $0.key < $1.key })
                \(metadata.sorted { $0.key < $1.key })
                \(try graph.outline)
                \(functions.joined(separator: "\n"))
                """
        }
    }
}

extension FileGraph {
    var outline: String {
        get throws {
            """
            \(name) \(inputs) \(outputs)
            \(try nodes.map { try $0.outline }.joined(separator: "\n"))
            \(try initializers.map { try $0.outline }.joined(separator: "\n"))
            """
        }
    }
}

extension FileNode {
    fileprivate var outline: String {
        get throws {
            "\(domain) \(type) \(overload) \(name) \(inputs) \(outputs) \(metadata.sorted { $0.key < $1.key }) "
                + (try attributes.outline)
        }
    }
}

extension FileTensor {
    fileprivate var outline: String {
        get throws {
            let numbers =
                type.kind == .real
                ? try "\(values(as: Double.self).elements.map(\.bitPattern))" : "\(try wholes())"
            return "\(name) \(type) \(shape) \(numbers)"
        }
    }
}

extension [String: Attribute] {
    fileprivate var outline: String {
        get throws {
            try sorted { $0.key < $1.key }.map { name, attribute in
                switch attribute {
                case .tensor(let tensor): "\(name): \(try tensor.outline)"
                case .graph(let graph): "\(name): \(try graph.outline)"
                default: "\(name): \(attribute.text)"
                }
            }.joined(separator: ", ")
        }
    }
}
