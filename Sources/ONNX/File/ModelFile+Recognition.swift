import Files
import ProtocolBuffers

extension ModelFile {
    /// Whether a path is to be read as a model: it ends in `.onnx`, or the file begins as exporters begin one, with
    /// the IR version as its first field and another field of a model, laid out as that is, behind it. A file that
    /// cannot be opened is none.
    public static func isModel(path: String) -> Bool {
        if path.lowercased().hasSuffix(".onnx") { return true }
        guard let file = try? InputFile<ModelFileError>(path),
            let start = try? file.bytes(min(file.size, 64), at: 0)
        else { return false }
        return start.withUnsafeBytes { begins(MessageReader($0)) }
    }

    private static func begins(_ message: MessageReader) -> Bool {
        var message = message
        guard let first = try? message.next(), first.number == 1, let version = try? first.integer(),
            (1...99).contains(version)
        else { return false }
        do throws(MessageError) {
            guard let second = try message.next() else { return false }
            if second.number == 5 { return (try? second.integer()) != nil }  // model_version
            return delimitedFields.contains(second.number) && (try? second.range()) != nil
        } catch {
            // A field that is longer than the bytes that were read.
            guard case .tooShort(let field, _, _, _) = error else { return false }
            return delimitedFields.contains(field)
        }
    }

    /// Producer, domain, documentation, graph, sets of operators, metadata, training, functions, configurations.
    private static let delimitedFields: Set = [2, 3, 4, 6, 7, 8, 14, 20, 25, 26]
}
