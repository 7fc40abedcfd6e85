import ProtocolBuffers

extension FileTensor {
    /// Reads a file of one tensor (a `TensorProto`), as ONNX's tests keep inputs and outputs.
    ///
    /// - Throws: `ModelFileError`.
    public init(path: String) throws(ModelFileError) {
        let source = try ModelSource(path)
        do {
            self = try source.file.withUnsafeBytes { try FileTensor(MessageReader($0), in: source) }
        } catch {
            throw error as? ModelFileError ?? .malformed(path, reason: "\(error)")
        }
    }
}
