import Foundation
import ProtocolBuffers
import TemporaryFolders
import Tensors
import Testing

@testable import ONNX

struct ModelReadingTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func value(_ name: String, _ tensor: (inout ProtocolBuffer) -> Void) -> ProtocolBuffer {
        HandMade.message {
            $0.append(1, string: name)
            $0.append(2, message: HandMade.message { $0.append(1, message: HandMade.message(tensor)) })
        }
    }

    private func node(_ type: String = "Op", _ write: (inout ProtocolBuffer) -> Void = { _ in })
        -> ProtocolBuffer
    {
        HandMade.message {
            write(&$0)
            $0.append(4, string: type)
        }
    }

    private func attribute(_ name: String, type: Int = 0, _ write: (inout ProtocolBuffer) -> Void)
        -> ProtocolBuffer
    {
        HandMade.message {
            $0.append(1, string: name)
            write(&$0)
            $0.append(20, integer: type)
        }
    }

    @Test("A model says its version, its maker, its operators and its metadata")
    func header() throws {
        let head = HandMade.message {
            $0.append(2, string: "pytorch")
            $0.append(3, string: "2.15.0")
            $0.append(14, message: HandMade.text("key", "text"))
            $0.append(14, message: HandMade.text("pkg.torch.onnx.stack_trace", "/home/someone/model.py"))
            // A field of later versions.
            $0.append(99, string: "unknown")
        }
        let model = try folder.model(
            HandMade.model(version: 8, sets: [("ai.onnx", 17), ("com.microsoft", 1)]) {
                $0.append(2, string: "main")
            } + head.bytes)
        #expect(model.irVersion == 8)
        #expect(model.producer == "pytorch 2.15.0")
        #expect(model.operatorSets == ["": 17, "com.microsoft": 1])
        #expect(model.metadata == ["key": "text"])
        #expect(model.graph.name == "main")
    }

    @Test("Values have types and extents, as far as they are said")
    func values() throws {
        let model = try folder.model(
            HandMade.model { graph in
                let inputs = [
                    value("a") {
                        $0.append(1, integer: 1)
                        $0.append(
                            2,
                            message: HandMade.message { shape in
                                for write: (inout ProtocolBuffer) -> Void in [
                                    { $0.append(1, presentInteger: 3) }, { $0.append(1, presentInteger: 0) },
                                    { $0.append(2, string: "batch") }, { _ in },
                                    { $0.append(1, integer: -1) },
                                ] {
                                    shape.append(1, message: HandMade.message(write))
                                }
                            })
                    },
                    value("b") { $0.append(1, integer: 7) },
                    value("c") { $0.append(2, message: ProtocolBuffer()) },
                    // A sequence.
                    HandMade.message {
                        $0.append(1, string: "d")
                        $0.append(2, message: HandMade.message { $0.append(4, message: ProtocolBuffer()) })
                    },
                ]
                for input in inputs { graph.append(11, message: input) }
                graph.append(12, message: value("e") { $0.append(1, integer: 16) })
            })
        #expect(
            model.graph.inputs == [
                FileValue(
                    "a", type: .float32,
                    extents: [.fixed(3), .fixed(0), .symbol("batch"), .unknown, .unknown]),
                FileValue("b", type: .int64, extents: nil), FileValue("c", type: nil, extents: []),
                FileValue("d", type: nil, extents: nil),
            ])
        #expect(model.graph.outputs == [FileValue("e", type: .bfloat16, extents: nil)])
    }

    @Test("An input that is an initialiser is no input")
    func initialisersAmongInputs() throws {
        let weight = HandMade.tensor("w", type: 1, []) { $0.append(4, packed: [1] as [Float]) }
        for isFirst in [true, false] {
            let model = try folder.model(
                HandMade.model(version: 3) {
                    if isFirst { $0.append(5, message: weight) }
                    for name in ["x", "w"] { $0.append(11, message: value(name) { _ in }) }
                    if !isFirst { $0.append(5, message: weight) }
                    $0.append(15, message: ProtocolBuffer())
                })
            #expect(model.graph.inputs.map(\.name) == ["x"])
            #expect(model.graph.initializers.map(\.name) == ["w"])
            #expect(model.graph.hasSparseInitializers)
        }
    }

    @Test("A node has operands that may be left out, and metadata without the places of a program")
    func nodes() throws {
        let model = try folder.model(
            HandMade.model { graph in
                graph.append(
                    1,
                    message: node("Clip") {
                        for input in ["x", "", "high"] { $0.append(1, presentString: input) }
                        $0.append(2, string: "y")
                        $0.append(3, string: "clip")
                        $0.append(7, string: "ai.onnx")
                        $0.append(8, string: "over")
                        $0.append(9, message: HandMade.text("pkg.torch.onnx.name_scopes", "['', 'a']"))
                        $0.append(9, message: HandMade.text("pkg.torch.onnx.stack_trace", "/home/me/a.py"))
                        $0.append(9, message: HandMade.text("stack_trace", "/home/me/a.py"))
                    })
                graph.append(1, message: node("Gelu") { $0.append(7, string: "com.microsoft") })
            })
        let clip = try #require(model.graph.nodes.first)
        #expect(clip.type == "Clip" && clip.name == "clip" && clip.domain == "" && clip.overload == "over")
        #expect(clip.inputs == ["x", "", "high"] && clip.outputs == ["y"])
        #expect(clip.metadata == ["pkg.torch.onnx.name_scopes": "['', 'a']"])
        #expect(model.graph.nodes.last?.domain == "com.microsoft")
    }

    @Test("Attributes of every kind, with a type or told by their value")
    func attributes() throws {
        let tensor = HandMade.tensor(type: 7, [1]) { $0.append(7, packed: [5]) }
        let graph = HandMade.message { $0.append(1, message: node("Inner")) }
        let fields: [(String, Int, (inout ProtocolBuffer) -> Void)] = [
            ("float", 1, { $0.append(2, presentFloat: 0.5) }),
            ("int", 2, { $0.append(3, presentInteger: -3) }),
            ("string", 3, { $0.append(4, presentString: "é") }),
            ("tensor", 4, { $0.append(5, message: tensor) }),
            ("graph", 5, { $0.append(6, message: graph) }),
            ("floats", 6, { $0.append(7, packed: [1, 2] as [Float]) }),
            ("ints", 7, { for int in [1, 0] { $0.append(8, presentInteger: int) } }),
            ("strings", 8, { for text in ["", "b"] { $0.append(9, presentString: text) } }),
            // Tensors, and a type.
            ("tensors", 9, { $0.append(10, message: tensor) }),
            ("type", 13, { $0.append(14, message: tensor) }),
            ("reference", 2, { $0.append(21, string: "alpha") }),
        ]
        for isTyped in [true, false] {
            let model = try folder.model(
                HandMade.model {
                    $0.append(
                        1,
                        message: node { node in
                            for (name, type, write) in fields {
                                node.append(5, message: attribute(name, type: isTyped ? type : 0, write))
                            }
                        })
                })
            let found = try #require(model.graph.nodes.first).attributes.mapValues(\.text)
            #expect(
                found == [
                    "float": "0.5", "int": "-3", "string": "é", "tensor": "w [5]", "graph": "Inner",
                    "floats": "[1.0, 2.0]", "ints": "[1, 0]", "strings": "[\"\", \"b\"]", "tensors": "other",
                    "type": "other", "reference": "→ alpha",
                ])
        }
    }

    @Test("Of an attribute with a type, what is 0 or empty need not be there")
    func defaults() throws {
        let model = try folder.model(
            HandMade.model {
                $0.append(
                    1,
                    message: node { node in
                        for type in [1, 2, 3, 6, 7, 8] {
                            node.append(5, message: attribute("a\(type)", type: type) { _ in })
                        }
                    })
            })
        #expect(
            model.graph.nodes[0].attributes.mapValues(\.text) == [
                "a1": "0.0", "a2": "0", "a3": "", "a6": "[]", "a7": "[]", "a8": "[]",
            ])
    }

    @Test("A function has operands, attributes with and without defaults, and operators of its own")
    func functions() throws {
        let function = HandMade.message {
            $0.append(1, string: "Twice")
            $0.append(4, string: "x")
            $0.append(5, string: "y")
            $0.append(6, string: "alpha")
            $0.append(7, message: node("Mul"))
            $0.append(
                9,
                message: HandMade.message {
                    $0.append(1, string: "ai.onnx")
                    $0.append(2, integer: 18)
                })
            $0.append(10, string: "own")
            $0.append(11, message: attribute("beta", type: 1) { $0.append(2, presentFloat: 2) })
            $0.append(13, string: "over")
        }
        let model = try folder.model(
            HandMade.model { _ in } + HandMade.message { $0.append(25, message: function) }.bytes)
        let found = try #require(model.functions.first)
        #expect(found.name == "Twice" && found.domain == "own" && found.overload == "over")
        #expect(found.inputs == ["x"] && found.outputs == ["y"] && found.attributes == ["alpha"])
        #expect(found.defaults.mapValues(\.text) == ["beta": "2.0"])
        #expect(found.nodes.map(\.type) == ["Mul"] && found.operatorSets == ["": 18])
    }

    @Test("Graphs in attributes are read to a depth, and no deeper")
    func depth() throws {
        func nested(_ levels: Int) -> [UInt8] {
            var graph = HandMade.message { $0.append(1, message: node("Innermost")) }
            for _ in 0..<levels {
                let inner = graph
                graph = HandMade.message {
                    $0.append(
                        1,
                        message: node("If") {
                            $0.append(
                                5, message: attribute("then_branch", type: 5) { $0.append(6, message: inner) }
                            )
                        })
                }
            }
            let whole = graph
            return HandMade.model { $0.append(whole) }
        }
        // Three messages a level: a node, its attribute and the graph; a graph and a node in the innermost.
        var graph = try folder.model(nested(32)).graph
        for _ in 0..<32 {
            guard case .graph(let inner) = graph.nodes.first?.attributes["then_branch"] else {
                Issue.record("no inner graph")
                return
            }
            graph = inner
        }
        #expect(graph.nodes.first?.type == "Innermost")
        #expect(try folder.refusal(nested(40)).hasSuffix("lies within more than 100 others"))
        #expect(
            try folder.refusal(nested(40)).hasPrefix("m.onnx is not a valid ONNX file: the message at byte "))
    }
}

extension Attribute {
    /// For comparisons.
    var text: String {
        switch self {
        case .float(let value): "\(value)"
        case .int(let value): "\(value)"
        case .string(let value): value
        case .tensor(let value): "\(value.name) \((try? value.wholes()) ?? [])"
        case .graph(let value): value.nodes.map(\.type).joined(separator: " ")
        case .floats(let values): "\(values)"
        case .ints(let values): "\(values)"
        case .strings(let values): "\(values)"
        case .reference(let name): "→ \(name)"
        case .other: "other"
        }
    }
}
