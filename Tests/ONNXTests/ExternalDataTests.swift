import Foundation
import ProtocolBuffers
import TemporaryFolders
import Testing

@testable import Files
@testable import ONNX

/// Weights in files beside the model's.
struct ExternalDataTests {
    let folder: TemporaryFolder
    private let floats: [Float] = [1, 2, 3, 4]

    init() throws {
        folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path("m/sub"), withIntermediateDirectories: true)
    }

    private func refusal(_ entries: [(String, String)]) throws -> String {
        let bytes = HandMade.model(type: 1, [4], HandMade.external(entries))
        return try folder.refusal(bytes, "m/a.onnx").replacing("m/a.onnx", with: "a.onnx")
    }

    private func values(_ entries: [(String, String)], _ model: String = "m/a.onnx") throws -> [Float]? {
        let bytes = HandMade.model(type: 1, [4], HandMade.external(entries))
        return try folder.model(bytes, model).graph.initializers.first?.values(as: Float.self).elements
    }

    @Test("Weights are where location, offset and length say")
    func places() throws {
        try folder.write(HandMade.raw(floats), to: "m/w")
        try folder.write([9, 9, 9] + HandMade.raw(floats) + [9], to: "m/sub/w")
        #expect(try values([("location", "w")]) == floats)
        #expect(try values([("location", "./w"), ("offset", "0"), ("length", "16")]) == floats)
        // Not aligned for a Float; without a length, the shape's; a checksum is passed over.
        #expect(try values([("location", "sub/w"), ("offset", "3"), ("checksum", "0")]) == floats)
        #expect(try values([("location", "sub/w"), ("offset", "3"), ("length", "16")]) == floats)
    }

    @Test("A file that is not there is named")
    func missing() throws {
        #expect(
            try refusal([("location", "sub/a.onnx.data")])
                == "the file's weights are in sub/a.onnx.data, which is not beside it")
    }

    @Test("A place beyond the file's end is refused")
    func beyondTheEnd() throws {
        try folder.write(HandMade.raw(floats), to: "m/w")
        for (offset, length, count) in [
            ("4", nil, 16), ("16", "16", 16), ("0", "17", 17), ("17", "0", 0),
            ("9223372036854775807", "9223372036854775807", Int.max),
        ] as [(String, String?, Int)] {
            let entries = [("location", "w"), ("offset", offset)] + (length.map { [("length", $0)] } ?? [])
            #expect(
                try refusal(entries)
                    == "tensor w of a.onnx has \(count) bytes from byte \(offset) on of w, which ends at byte 16"
            )
        }
        #expect(
            try refusal([("location", "w"), ("length", "12")])
                == "tensor w of a.onnx of shape (4) needs 16 bytes and has 12")
        for text in ["-1", "1.5", "", "99999999999999999999"] {
            #expect(
                try refusal([("location", "w"), ("offset", text)])
                    == "tensor w of a.onnx has the offset '\(text)'")
            #expect(
                try refusal([("location", "w"), ("length", text)])
                    == "tensor w of a.onnx has the length '\(text)'")
        }
    }

    @Test("Locations that leave the model's folder are refused, whatever is there")
    func leaving() throws {
        try folder.write(HandMade.raw(floats), to: "w")
        for location in [
            "../w", "sub/../../w", "sub/..", "..", "/etc/passwd", "//w", "", "sub/", "w\0", "/",
        ] {
            #expect(
                try refusal([("location", location)])
                    == "tensor w of a.onnx is in '\(location)', which is no path within the model's folder")
        }
        #expect(try refusal([]) == "tensor w of a.onnx is in another file, whose name is not said")
        // A name that only begins with dots is a name.
        try folder.write(HandMade.raw(floats), to: "m/..w")
        #expect(try values([("location", "..w")]) == floats)
    }

    @Test("Links are followed within the model's folder, and not out of it")
    func links() throws {
        func link(_ name: String, to target: String) throws {
            try FileManager.default.createSymbolicLink(
                atPath: folder.path(name), withDestinationPath: target)
        }
        try folder.write(HandMade.raw(floats), to: "w")
        try folder.write(HandMade.raw(floats), to: "m/sub/inner")
        try link("m/good", to: "sub/inner")
        #expect(try values([("location", "good")]) == floats)
        try link("m/out", to: "../w")
        try link("m/absolute", to: folder.path("w"))
        try link("m/up", to: "..")
        try link("m/chain", to: "out")
        // A link in a circle leads nowhere.
        for location in ["out", "absolute", "up/w", "chain"] {
            #expect(
                try refusal([("location", location)])
                    == "tensor w of a.onnx is in '\(location)', a link that leads out of the model's folder")
        }
        try link("m/circle", to: "circle")
        #expect(try refusal([("location", "circle")]).hasPrefix("cannot read"))
    }

    @Test(
        "A model that is itself a link, as in caches of downloads, has its weights beside it or where it leads"
    )
    func linkedModel() throws {
        try FileManager.default.createDirectory(
            atPath: folder.path("blobs"), withIntermediateDirectories: true)
        let bytes = HandMade.model(type: 1, [4], HandMade.external([("location", "a.onnx.data")]))
        try folder.write(bytes, to: "blobs/0")
        try folder.write(HandMade.raw(floats), to: "blobs/1")
        for (name, target) in [("m/a.onnx", "../blobs/0"), ("m/a.onnx.data", "../blobs/1")] {
            try FileManager.default.createSymbolicLink(atPath: folder.path(name), withDestinationPath: target)
        }
        let model = try ModelFile(path: folder.path("m/a.onnx"))
        #expect(try model.graph.initializers.first?.values(as: Float.self).elements == floats)
    }

    @Test("Folders and pipes are no weights, and a tensor without elements needs none")
    func kinds() throws {
        #expect(mkfifo(folder.path("m/pipe"), 0o600) == 0)
        for location in ["sub", "pipe"] {
            #expect(
                try refusal([("location", location)]) == "cannot read m/\(location): it is not a regular file"
            )
        }
        try folder.write([], to: "m/empty")
        let bytes = HandMade.model(type: 1, [0, 4], HandMade.external([("location", "empty")]))
        #expect(
            try folder.model(bytes, "m/a.onnx").graph.initializers.first?.values(as: Float.self).elements
                == [])
    }

    @Test("A file of many tensors is mapped once")
    func sharing() throws {
        try folder.write(HandMade.raw(floats), to: "m/w")
        let bytes = HandMade.model { graph in
            for index in 0..<4 {
                let place = [("location", "w"), ("offset", "\(4 * index)")]
                graph.append(5, message: HandMade.tensor("w\(index)", type: 1, [], HandMade.external(place)))
            }
        }
        let tensors = try folder.model(bytes, "m/a.onnx").graph.initializers
        #expect(try tensors.map { try $0.values(as: Float.self).elements[0] } == floats)
        let files = tensors.compactMap { tensor -> ObjectIdentifier? in
            guard case .bytes(let bytes) = tensor.content else { return nil }
            return ObjectIdentifier(bytes.file)
        }
        #expect(files.count == 4 && Set(files).count == 1)
    }
}
