import Files
import ProtocolBuffers

extension ModelFile {
    /// Writes the model as one file, weights within it, in place of a file that may be there.
    ///
    /// - Throws: `ModelFileError`: `tooLarge` of a model beyond `greatestSize`, `badNumbers` and `badNode` of what was
    ///   not read and so cannot be written, `unwritable`.
    public func write(to path: String) throws(ModelFileError) {
        let written = try WrittenModel(self)
        guard written.count <= Self.greatestSize else { throw .tooLarge(path, bytes: written.count) }
        let file = try OutputFile<ModelFileError>(path)
        try written.write { (bytes) throws(ModelFileError) in try file.append(bytes) }
        try file.publish()
    }

    /// The file's bytes.
    ///
    /// - Throws: as `write`.
    public func bytes() throws(ModelFileError) -> [UInt8] {
        let written = try WrittenModel(self)
        guard written.count <= Self.greatestSize else { throw .tooLarge("it", bytes: written.count) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(written.count)
        try written.write { (part) throws(ModelFileError) in bytes += part }
        return bytes
    }
}

/// A model on its way into a file: all but the numbers of its weights, which are written from where they are.
private struct WrittenModel {
    /// What stands before the weights, in the model and in its graph.
    private let start: ProtocolBuffer
    private let weights: [(head: ProtocolBuffer, tensor: FileTensor)]
    private let end: ProtocolBuffer
    /// Bytes in all.
    let count: Int

    init(_ model: ModelFile) throws(ModelFileError) {
        let graph = model.graph
        var weights: [(head: ProtocolBuffer, tensor: FileTensor)] = []
        var bytes = 0
        for tensor in graph.initializers {
            let (fields, count) = try tensor.fieldsBeforeRawData()
            var head = ProtocolBuffer()
            head.appendLength(5, of: fields.bytes.count + count)  // GraphProto.initializer
            head.append(fields)
            weights.append((head, tensor))
            bytes += head.bytes.count + count
        }
        let (nodes, values) = (try graph.nodeFields(), graph.valueFields())
        var start = ProtocolBuffer()
        start.append(1, integer: model.irVersion)  // ModelProto.ir_version
        start.append(2, string: model.producer)  // ModelProto.producer_name
        start.appendLength(7, of: nodes.bytes.count + bytes + values.bytes.count)  // ModelProto.graph
        start.append(nodes)
        var end = values
        end.append(8, operatorSets: model.operatorSets)  // ModelProto.opset_import
        end.append(14, texts: model.metadata)  // ModelProto.metadata_props
        for function in model.functions {
            end.append(25, message: try function.message())  // ModelProto.functions
        }
        (self.start, self.weights, self.end) = (start, weights, end)
        count = start.bytes.count + bytes + end.bytes.count
    }

    func write(
        _ sink: (UnsafeRawBufferPointer) throws(ModelFileError) -> Void
    ) throws(ModelFileError) {
        try start.bytes.lend(sink)
        for (head, tensor) in weights {
            try head.bytes.lend(sink)
            try tensor.withRawData(sink)
        }
        try end.bytes.lend(sink)
    }
}
