import Foundation
import ONNX
import ProtocolBuffers
import TemporaryFolders

/// Bytes of models, written field by field: a second opinion beside the writer of the package, and able to write what
/// it would not.
enum HandMade {
    static func message(_ write: (inout ProtocolBuffer) throws -> Void) rethrows -> ProtocolBuffer {
        var message = ProtocolBuffer()
        try write(&message)
        return message
    }

    /// - Parameter graph: fields of the graph.
    static func model(
        version: Int = 10, sets: [(String, Int)] = [("", 20)], _ graph: (inout ProtocolBuffer) -> Void
    ) -> [UInt8] {
        message { model in
            model.append(1, presentInteger: version)
            model.append(7, message: message(graph))
            for (domain, version) in sets {
                model.append(
                    8,
                    message: message {
                        $0.append(1, string: domain)
                        $0.append(2, presentInteger: version)
                    })
            }
        }.bytes
    }

    /// A model of nothing but a tensor.
    ///
    /// - Parameter content: the fields of its numbers.
    static func model(
        tensor name: String = "w", type: Int, _ dimensions: [Int], _ content: (inout ProtocolBuffer) -> Void
    ) -> [UInt8] {
        model { $0.append(5, message: tensor(name, type: type, dimensions, content)) }
    }

    static func tensor(
        _ name: String = "w", type: Int, _ dimensions: [Int], _ content: (inout ProtocolBuffer) -> Void
    ) -> ProtocolBuffer {
        message { tensor in
            for extent in dimensions { tensor.append(1, presentInteger: extent) }
            tensor.append(2, presentInteger: type)
            content(&tensor)
            tensor.append(8, string: name)
        }
    }

    /// Where a tensor lies in another file.
    static func external(_ entries: [(String, String)]) -> (inout ProtocolBuffer) -> Void {
        { tensor in
            for (key, value) in entries { tensor.append(13, message: text(key, value)) }
            tensor.append(14, presentInteger: 1)
        }
    }

    static func text(_ key: String, _ value: String) -> ProtocolBuffer {
        message {
            $0.append(1, presentString: key)
            $0.append(2, presentString: value)
        }
    }

    /// Numbers as they lie in memory.
    static func raw<Number: BitwiseCopyable>(_ numbers: [Number]) -> [UInt8] {
        numbers.withUnsafeBytes { Array($0) }
    }
}

extension TemporaryFolder {
    /// Writes a new file: what is mapped of one that was there stays as it is.
    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: url.appending(path: name), options: .atomic)
    }

    /// Reads a model from its bytes.
    func model(_ bytes: [UInt8], _ name: String = "m.onnx") throws -> ModelFile {
        try write(bytes, to: name)
        return try ModelFile(path: path(name))
    }

    /// Why bytes are refused, as a sentence.
    func refusal(_ bytes: [UInt8], _ name: String = "m.onnx") throws -> String {
        do {
            _ = try model(bytes, name)
            return "it is read"
        } catch let error as ModelFileError {
            return error.description.replacing(url.path + "/", with: "")
        }
    }
}
