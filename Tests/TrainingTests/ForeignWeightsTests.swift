import Foundation
import Kernels
import ResidualNetworks
import Safetensors
import Tensors
import Testing

@testable import Training

@Suite("Weights of other programs and networks")
struct ForeignWeightsTests {
    let temporary: TemporaryDirectory
    init() throws { temporary = try TemporaryDirectory() }

    private func refusal(_ bytes: [UInt8], named name: String) throws -> String {
        let path = temporary.path + "/" + name
        try Data(bytes).write(to: URL(filePath: path))
        let error = try #require(throws: CheckpointError.self) { try StoredWeights(path: path) }
        return error.description
    }

    @Test(
        "Formats of other programs are named, with the way out",
        arguments: [
            ("m.pth", Array("PK\u{3}\u{4}zip".utf8), "safetensors.torch.save_file"),
            ("pytorch_model.bin", Array("PK\u{3}\u{4}zip".utf8), "safetensors.torch.save_file"),
            ("m.pt", [0x80, 2, 0x8A, 0x0A, 0x6C], "safetensors.torch.save_file"),
            ("m.npz", Array("PK\u{3}\u{4}zip".utf8), "safetensors.numpy.save_file"),
            ("m.npy", [0x93] + Array("NUMPY".utf8) + [1, 0, 0], "safetensors.numpy.save_file"),
            ("m.h5", [0x89] + Array("HDF\r\n\u{1A}\n".utf8), "an HDF5 file"),
            ("m.onnx", [8, 7, 0x12, 7] + Array("pytorch".utf8), "an ONNX file"),
            ("m.gguf", Array("GGUF\u{3}".utf8) + [0, 0, 0], "a GGUF file"),
            ("m.txt", Array("no weights".utf8), "it is no safetensors file"),
        ])
    func formats(name: String, bytes: [UInt8], part: String) throws {
        #expect(try refusal(bytes, named: name).contains(part))
    }

    private static let design = NetworkDesign(
        block: .basic, unitsPerStage: 1, shortcut: IdentityShortcut(), baseWidth: 4, classes: 3,
        input: Shape(1, 3, 8, 8))

    private func write(_ tensors: [SafetensorsTensor], _ metadata: [String: String] = [:]) throws -> String {
        let path = temporary.path + "/w.safetensors"
        try SafetensorsWriter.write(tensors, metadata: metadata, to: path)
        return path
    }

    /// The two lines can be pasted, whatever the file is called.
    @Test func conversionIsPrinted() throws {
        let path = temporary.path + "/my \"best\".model.pth"
        try Data("PK\u{3}\u{4}zip".utf8).write(to: URL(filePath: path))
        let error = try #require(throws: CheckpointError.self) { try StoredWeights(path: path) }
        #expect(error == .foreignFormat(path, .pyTorch))
        #expect(
            error.description
                == "\(path) is a file of PyTorch's torch.save, and weights are read from safetensors files: load it "
                + "there, and save it with safetensors.torch.save_file.")
        let folder = temporary.path
        #expect(
            error.conversion == [
                "import torch, safetensors.torch; d = torch.load(\"\(folder)/my \\\"best\\\".model.pth\", "
                    + "map_location=\"cpu\", weights_only=True)",
                "safetensors.torch.save_file({k: v.clone().contiguous() for k, v in d.get(\"state_dict\", "
                    + "d.get(\"model\", d)).items() if torch.is_tensor(v)}, "
                    + "\"\(folder)/my \\\"best\\\".model.safetensors\")",
            ])
        #expect(CheckpointError.foreignFormat("a.onnx", .onnx).conversion == [])
    }

    /// Metadata of 193 bytes claimed the depth; memory went to the network's maps.
    @Test func aFileIsHeldAgainstTheDesignBeforeAnythingIsMade() throws {
        var deep = Self.design
        deep.unitsPerStage = [30_000_000, 30_000_000, 30_000_000]
        let path = try write([SafetensorsTensor("t", shape: [4], [Float](repeating: 0, count: 4))])
        let error = #expect(throws: CheckpointError.self) {
            let _: TrainingState<Float> = try StoredWeights(path: path).state(of: deep)
        }
        guard case .tooFewTensors(path, tensors: 1, let needed) = error else {
            Issue.record("\(error.map { "\($0)" } ?? "nothing")")
            return
        }
        #expect(needed > 2 * 90_000_000)
    }
}
