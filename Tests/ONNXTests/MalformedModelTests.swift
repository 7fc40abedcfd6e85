import Foundation
import ProtocolBuffers
import TemporaryFolders
import Testing

@testable import ONNX

/// Files that are refused, and with which sentence.
struct MalformedModelTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("Files in other formats are called what they are")
    func foreign() throws {
        let safetensors: [UInt8] = [16, 0, 0, 0, 0, 0, 0, 0] + Array("{\"a\":{}}        ".utf8)
        let files: [(name: String, bytes: [UInt8], words: String)] = [
            ("a.onnx", [], "it is empty"),
            (
                "a.pt", Array("PK\u{3}\u{4}".utf8) + [20, 0, 0, 0],
                "it is a file of PyTorch's torch.save; export the model there with torch.onnx.export"
            ),
            (
                "a.pt", [0x80, 2, 0x8A, 10],
                "it is a file of PyTorch's torch.save; export the model there with torch.onnx.export"
            ),
            ("a.npz", Array("PK\u{3}\u{4}".utf8), "it is a file of NumPy's"),
            ("a.npy", [0x93] + Array("NUMPY".utf8) + [1, 0], "it is a file of NumPy's"),
            ("a.safetensors", safetensors, "it is a safetensors file, which holds weights and no graph"),
            (
                "a.h5", [0x89] + Array("HDF\r\n".utf8),
                "it is an HDF5 file, such as Keras writes; convert it with tf2onnx"
            ),
            ("a.gguf", Array("GGUF".utf8) + [3, 0], "it is a GGUF file, which holds weights and no graph"),
            (
                "a.tflite", [0x1C, 0, 0, 0] + Array("TFL3".utf8),
                "it is a file of TensorFlow Lite; convert it with tf2onnx"
            ),
            ("a.png", [0x89] + Array("PNG\r\n".utf8), "it is a picture"),
            ("a.jpg", [0xFF, 0xD8, 0xFF, 0xE0], "it is a picture"),
            (
                "a.onnx", Array("version https://git-lfs.github.com/spec/v1\noid sha256:0\n".utf8),
                "it is a pointer of Git LFS; get the file with git lfs pull"
            ),
            ("a.txt", Array("Ein Netz, größer als gedacht.\n".utf8), "it is text"),
            // Text that is a message of unknown fields to begin with.
            ("a.onnx", Array("ZZ".utf8) + Array(repeating: UInt8(ascii: "Z"), count: 90), "it is text"),
        ]
        for file in files {
            #expect(
                try folder.refusal(file.bytes, file.name) == "\(file.name) is not an ONNX file: \(file.words)"
            )
        }
    }

    @Test("Models without a part that every model has are refused")
    func missingParts() throws {
        let graph = HandMade.message { $0.append(7, message: ProtocolBuffer()) }.bytes
        let start = "m.onnx is not a valid ONNX file: "
        #expect(try folder.refusal([8, 10]) == start + "it has no graph")
        #expect(try folder.refusal(graph) == start + "it says no version")
        #expect(try folder.refusal([8, 10] + graph) == start + "it names no set of operators")
        #expect(
            try folder.refusal(HandMade.model(sets: [("", 18), ("ai.onnx", 19)]) { _ in })
                == start + "it names versions 18 and 19 of the operators of ONNX")
        #expect(
            try folder.refusal(HandMade.model(sets: [("own", 1), ("own", 2)]) { _ in })
                == start + "it names versions 1 and 2 of the operators of own")
        _ = try folder.model(HandMade.model(sets: [("", 18), ("ai.onnx", 18)]) { _ in })
    }

    @Test("Versions before 3 and after 13 are refused", arguments: [0, 2, 14, -1, .max])
    func versions(version: Int) throws {
        #expect(
            try folder.refusal(HandMade.model(version: version) { _ in })
                == "m.onnx is of ONNX's IR version \(version), and versions 3 to 13 are read")
    }

    @Test("A file that is cut off is refused wherever the cut is, or is a model without its end")
    func truncated() throws {
        let bytes = HandMade.model {
            $0.append(
                5,
                message: HandMade.tensor(type: 1, [4]) {
                    $0.append(9, bytes: HandMade.raw([1, 2, 3, 4] as [Float]))
                })
        }
        for count in 0..<bytes.count {
            let refusal = try folder.refusal(Array(bytes.prefix(count)))
            #expect(refusal.hasPrefix("m.onnx is not a"), "\(count): \(refusal)")
        }
        #expect(
            try folder.refusal(Array(bytes.prefix(20)))
                == "m.onnx is not a valid ONNX file: field 7 at byte 2 claims 27 bytes and 16 are left")
    }

    @Test("A length beyond the file is refused before memory is taken")
    func absurdLength() throws {
        let absurd: [UInt8] = [8, 10, 0x3A] + Array(repeating: 0xFF, count: 9) + [1]
        #expect(
            try folder.refusal(absurd)
                == "m.onnx is not a valid ONNX file: field 7 at byte 2 claims 18446744073709551615 bytes and 0 are left"
        )
    }

    @Test("Names are text, and fields of other layouts are no values")
    func layouts() throws {
        func refusal(_ graph: @escaping (inout ProtocolBuffer) -> Void) throws -> String {
            try folder.refusal(HandMade.model(graph))
        }
        // ir_version in two bytes, the graph's key in two.
        #expect(
            try refusal { $0.append(2, bytes: [0xFF, 0xFE]) }
                == "m.onnx is not a valid ONNX file: field 2 at byte 4 is no text in UTF-8")
        #expect(
            try refusal { $0.append(1, presentInteger: 1) }
                == "m.onnx is not a valid ONNX file: field 1 at byte 4 is not laid out as a value of its type"
        )
    }

    @Test("Nodes, functions and names that are wrong are named")
    func names() throws {
        func refusal(_ graph: @escaping (inout ProtocolBuffer) -> Void) throws -> String {
            try folder.refusal(HandMade.model(graph))
        }
        let tensor = HandMade.tensor("w", type: 1, [1]) { $0.append(4, packed: [0] as [Float]) }
        #expect(
            try refusal {
                $0.append(5, message: tensor)
                $0.append(5, message: tensor)
            } == "tensor w of m.onnx is there twice")
        #expect(try refusal { $0.append(1, message: ProtocolBuffer()) } == "a node of m.onnx has no operator")
        #expect(
            try refusal { $0.append(1, message: HandMade.message { $0.append(2, string: "y") }) }
                == "node y of m.onnx has no operator")
        let attribute = HandMade.message {
            $0.append(1, string: "alpha")
            $0.append(3, integer: 1)
        }
        #expect(
            try refusal {
                $0.append(
                    1,
                    message: HandMade.message {
                        $0.append(5, message: attribute)
                        $0.append(5, message: attribute)
                        $0.append(4, string: "Elu")
                        $0.append(3, string: "elu")
                    })
            } == "node elu of m.onnx has two attributes alpha")
        let unnamed = HandMade.message {
            $0.append(5, message: ProtocolBuffer())
            $0.append(4, string: "Elu")
        }
        #expect(
            try refusal { $0.append(1, message: unnamed) }
                == "a node of m.onnx has an attribute without a name")
        for type in [4, 5] {
            let attribute = HandMade.message {
                $0.append(1, string: "value")
                $0.append(20, integer: type)
            }
            #expect(
                try refusal {
                    $0.append(
                        1,
                        message: HandMade.message {
                            $0.append(5, message: attribute)
                            $0.append(4, string: "Constant")
                        })
                } == "a node of m.onnx has no value of its attribute value")
        }
        let function = HandMade.message { $0.append(25, message: ProtocolBuffer()) }.bytes
        #expect(try folder.refusal(HandMade.model { _ in } + function) == "a function of m.onnx has no name")
    }

    @Test("A tensor without a name is called by its place")
    func unnamedTensors() throws {
        let broken = HandMade.tensor("", type: 1, [2]) { _ in }
        #expect(
            try folder.refusal(HandMade.model { $0.append(5, message: broken) })
                == "tensor without a name of m.onnx of shape (2) needs 2 numbers and has 0")
        let attribute = HandMade.message {
            $0.append(1, string: "value")
            $0.append(5, message: broken)
        }
        let node = HandMade.message {
            $0.append(2, string: "c")
            $0.append(4, string: "Constant")
            $0.append(5, message: attribute)
        }
        #expect(
            try folder.refusal(HandMade.model { $0.append(1, message: node) })
                == "tensor value of node c of m.onnx of shape (2) needs 2 numbers and has 0")
    }

    @Test("What is not a file is refused in the system's words")
    func notAFile() throws {
        let missing = #expect(throws: ModelFileError.self) { try ModelFile(path: folder.path("no.onnx")) }
        #expect(missing?.description == "there is no file \(folder.path("no.onnx"))")
        let directory = #expect(throws: ModelFileError.self) { try ModelFile(path: folder.url.path) }
        #expect(directory?.description == "cannot read \(folder.url.path): it is not a regular file")
    }

    @Test("A model is recognised by its name or by its first bytes")
    func recognition() throws {
        func isModel(_ bytes: [UInt8], _ name: String = "a") throws -> Bool {
            try folder.write(bytes, to: name)
            return ModelFile.isModel(path: folder.path(name))
        }
        let long = HandMade.model { $0.append(2, string: String(repeating: "n", count: 1000)) }
        let short = HandMade.model { _ in }
        for bytes in [long, short, HandMade.message { $0.append(6, string: "text") }.bytes.withVersion] {
            #expect(try isModel(bytes))
        }
        #expect(try isModel([8, 7, 0x28, 1]))
        #expect(try isModel(Array("text".utf8), "A.ONNX"))
        for bytes in [
            [], [8], [8, 10], [8, 0, 0x3A, 0], [8, 100, 0x3A, 0], [8, 10, 0x3D, 0, 0, 0, 0],
            [8, 10, 0x0A, 0],
            [8, 10, 0x2A, 0], [0x3A, 0], Array("text".utf8), [8, 3, 0, 0, 0, 0, 0, 0] + Array("{\"a\"".utf8),
        ] as [[UInt8]] {
            #expect(try !isModel(bytes), "\(bytes)")
        }
        #expect(!ModelFile.isModel(path: folder.path("no")))
        #expect(!ModelFile.isModel(path: folder.url.path))
    }
}

extension [UInt8] {
    fileprivate var withVersion: [UInt8] { [8, 10] + self }
}
