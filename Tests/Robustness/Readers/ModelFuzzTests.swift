import Foundation
import FuzzSupport
import Kernels
import NumericalMethods
import Tensors
import Testing

@testable import ONNX
@testable import ProtocolBuffers

/// ONNX files: whole ones, changes within lengths that are right, and the wire format by itself.
@Suite struct ModelFuzzTests {
    private static func message(_ write: (inout ProtocolBuffer) -> Void) -> ProtocolBuffer {
        var message = ProtocolBuffer()
        write(&message)
        return message
    }

    private static let words: [[UInt8]] =
        ["location", "offset", "length", "w", "../w", "/w", "", "ai.onnx"].map {
            let word = $0
            return message { $0.append(1, presentString: word) }.bytes
        } + [
            [0x0A, 0], [0x10, 1], [0x70, 1], [0x4A, 4, 0, 0, 0, 0], [0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F],
            [0xA8, 1, 5],
        ]

    private static let head = message { model in
        model.append(1, presentInteger: 10)
        model.append(8, message: message { $0.append(2, presentInteger: 20) })
    }

    /// Models with something of everything that is read.
    private static let models: [[UInt8]] = {
        let node = message {
            for input in ["x", "", "w"] { $0.append(1, presentString: input) }
            $0.append(2, string: "y")
            $0.append(4, string: "Clip")
            $0.append(7, string: "ai.onnx")
            $0.append(9, message: entry("name_scopes", "a"))
        }
        let value = message { value in
            value.append(1, string: "x")
            value.append(2, message: message { $0.append(1, message: message { $0.append(1, integer: 1) }) })
        }
        let graph = message {
            $0.append(1, message: node)
            for tensor in tensors { $0.append(5, message: tensor) }
            $0.append(11, message: value)
            $0.append(12, message: value)
        }
        let attributes: [(String, (inout ProtocolBuffer) -> Void)] = [
            ("alpha", { $0.append(2, presentFloat: 0.5) }), ("ints", { $0.append(8, packed: [1, 0, -1]) }),
            ("value", { $0.append(5, message: tensors[0]) }), ("body", { $0.append(6, message: graph) }),
            ("ref", { $0.append(21, string: "alpha") }),
        ]
        let owner = message { node in
            node.append(4, string: "Op")
            for (name, write) in attributes {
                node.append(
                    5,
                    message: message {
                        $0.append(1, string: name)
                        write(&$0)
                    })
            }
        }
        let function = message {
            $0.append(1, string: "Function")
            $0.append(7, message: owner)
            $0.append(9, message: message { $0.append(2, integer: 18) })
        }
        return [graph, message { $0.append(1, message: owner) }].map { graph in
            head.bytes
                + message {
                    $0.append(7, message: graph)
                    $0.append(25, message: function)
                    $0.append(14, message: entry("key", "text"))
                }.bytes
        }
    }()

    private static let tensors: [ProtocolBuffer] = {
        let contents: [(Int, (inout ProtocolBuffer) -> Void)] = [
            (1, { $0.append(9, bytes: [0, 0, 128, 63, 0, 0, 0, 64]) }),
            (1, { $0.append(4, packed: [1, 2] as [Float]) }), (10, { $0.append(5, packed: [15360, 1]) }),
            (7, { $0.append(7, packed: [-1, .max]) }), (13, { $0.append(11, packed: [1, -1]) }),
            (9, { $0.append(9, bytes: [1, 0]) }),
            (
                1,
                { tensor in
                    for (key, value) in [("location", "w"), ("offset", "4"), ("length", "8")] {
                        tensor.append(13, message: entry(key, value))
                    }
                    tensor.append(14, presentInteger: 1)
                }
            ),
        ]
        return contents.enumerated().map { index, content in
            message { tensor in
                for extent in [2, 1] { tensor.append(1, presentInteger: extent) }
                tensor.append(2, presentInteger: content.0)
                tensor.append(8, string: "t\(index)")
                content.1(&tensor)
            }
        }
    }()

    private static func entry(_ key: String, _ value: String) -> ProtocolBuffer {
        message {
            $0.append(1, string: key)
            $0.append(2, string: value)
        }
    }

    /// A folder with a model and a file of weights.
    private final class Folder {
        private let scratch: ScratchFile

        init() throws {
            scratch = try ScratchFile("onnx")
            try FileManager.default.createDirectory(atPath: scratch.path, withIntermediateDirectories: true)
            try Data(count: 16).write(to: URL(filePath: "\(scratch.path)/w"))
        }

        /// Reads a model and all of its numbers.
        func read(_ bytes: [UInt8]) throws {
            let path = "\(scratch.path)/m"
            let file = try #require(fopen(path, "wb"))
            fwrite(bytes, 1, bytes.count, file)
            fclose(file)
            let model = try ModelFile(path: path)
            #expect(model.footprint <= ModelFile.greatestGrowth * bytes.count)
            for tensor in model.graph.tensors {
                #expect(tensor.fault == nil)
                switch tensor.type.kind {
                case .real:
                    #expect(try tensor.values(as: Float.self).elements.count == tensor.shape.count)
                    #expect(try tensor.values(as: Double.self).elements.count == tensor.shape.count)
                case .whole where tensor.type == .uint64: _ = try? tensor.wholes()
                case .whole, .condition: #expect(try tensor.wholes().count == tensor.shape.count)
                case .unsupported: break
                }
            }
        }
    }

    @Test func files() throws {
        let folder = try Folder()
        for bytes in Self.models { try folder.read(bytes) }
        try FuzzCampaign("onnx file", .dear).run(
            corpus: Self.models, dictionary: Self.words, refusals: [ModelFileError.self]
        ) { try folder.read($0) }
    }

    @Test func parts() throws {
        let folder = try Folder()
        let mutation = MessageMutation(
            mutation: Mutation(dictionary: Self.words, corpus: Self.tensors.map(\.bytes)))
        let tally = try FuzzCampaign("onnx part", .dear).run(
            corpus: Self.models, describe: { (input: [UInt8]) in input },
            make: { model, stream in
                (0...stream.integer(below: 3)).reduce(model) { bytes, _ in mutation.mutated(bytes, &stream) }
            },
            refusals: [ModelFileError.self], read: { try folder.read($0) })
        // The lengths around a change are right: many a one is read.
        #expect(tally.accepted > tally.inputs / 20)
    }

    @Test func wireFormat() throws {
        try FuzzCampaign("protocol buffer", .cheap).run(
            corpus: Self.tensors.map(\.bytes), dictionary: Self.words, refusals: [MessageError.self]
        ) { bytes in
            try bytes.withUnsafeBytes { try Self.walk(MessageReader($0), within: 0..<bytes.count) }
        }
    }

    /// Reads every field as all that it might be. Values lie within their message, each behind the one before it.
    private static func walk(_ message: MessageReader, within range: Range<Int>) throws {
        var (message, place) = (message, range.lowerBound)
        var (integers, floats, doubles) = ([Int](), [Float](), [Double]())
        while let field = try message.next() {
            #expect(field.place >= place && field.place < range.upperBound)
            place = field.place + 1
            try? field.append(to: &integers)
            try? field.append(to: &floats)
            try? field.append(to: &doubles)
            _ = try? field.string()
            guard let inner = try? field.range() else { continue }
            #expect(inner.lowerBound > field.place && inner.upperBound <= range.upperBound)
            place = inner.upperBound
            if let message = try? field.message() { try? walk(message, within: inner) }
        }
        #expect(integers.count <= range.count && floats.count <= range.count && doubles.count <= range.count)
    }
}

/// Memory that the values take, in bytes: room that is set aside in arrays and dictionaries, and long texts.
private protocol Footprint {
    /// Beside the value itself.
    var footprint: Int { get }
}

extension Array where Element: Footprint {
    fileprivate var footprint: Int {
        reduce(capacity * MemoryLayout<Element>.stride) { $0 + $1.footprint }
    }
}

extension Dictionary where Key == String, Value: Footprint {
    fileprivate var footprint: Int {
        let room = capacity * (MemoryLayout<String>.stride + MemoryLayout<Value>.stride)
        return reduce(room) { $0 + $1.key.footprint + $1.value.footprint }
    }
}

extension String: Footprint {
    // Shorter texts lie in the value.
    fileprivate var footprint: Int { utf8.count > 15 ? utf8.count : 0 }
}

extension Int: Footprint {
    fileprivate var footprint: Int { 0 }
}

extension FileValue: Footprint {
    fileprivate var footprint: Int {
        name.footprint + (extents?.capacity ?? 0) * MemoryLayout<FileValue.Extent>.stride
    }
}

extension FileTensor: Footprint {
    fileprivate var footprint: Int {
        switch content {
        case .float32(let numbers): name.footprint + 4 * numbers.capacity
        case .reals(let numbers): name.footprint + 8 * numbers.capacity
        case .wholes(let numbers): name.footprint + 8 * numbers.capacity
        case .single(let tensor): name.footprint + 4 * tensor.shape.count
        case .double(let tensor): name.footprint + 8 * tensor.shape.count
        case .bytes, .unread: name.footprint
        }
    }
}

extension Attribute: Footprint {
    fileprivate var footprint: Int {
        switch self {
        case .float, .int, .other: 0
        case .string(let text), .reference(let text): text.footprint
        case .tensor(let tensor): tensor.footprint
        case .graph(let graph): graph.footprint
        case .floats(let numbers): 4 * numbers.capacity
        case .ints(let numbers): 8 * numbers.capacity
        case .strings(let texts): texts.footprint
        }
    }
}

extension FileNode: Footprint {
    fileprivate var footprint: Int {
        name.footprint + domain.footprint + type.footprint + overload.footprint + inputs.footprint
            + outputs.footprint + attributes.footprint + metadata.footprint
    }
}

extension FileGraph: Footprint {
    fileprivate var footprint: Int {
        name.footprint + nodes.footprint + initializers.footprint + inputs.footprint + outputs.footprint
    }

    /// Those of attributes included.
    fileprivate var tensors: [FileTensor] {
        nodes.reduce(initializers) { tensors, node in
            node.attributes.values.reduce(tensors) { tensors, attribute in
                switch attribute {
                case .tensor(let tensor): tensors + [tensor]
                case .graph(let graph): tensors + graph.tensors
                default: tensors
                }
            }
        }
    }
}

extension FileFunction: Footprint {
    fileprivate var footprint: Int {
        name.footprint + domain.footprint + overload.footprint + inputs.footprint + outputs.footprint
            + attributes.footprint + defaults.footprint + nodes.footprint + operatorSets.footprint
    }
}

extension ModelFile {
    fileprivate var footprint: Int {
        producer.footprint + operatorSets.footprint + graph.footprint + functions.footprint
            + metadata.footprint
    }
}
