import ProtocolBuffers

extension FileGraph {
    /// `GraphProto`, weights included.
    func message() throws(ModelFileError) -> ProtocolBuffer {
        var message = try nodeFields()
        for tensor in initializers { message.append(5, message: try tensor.message()) }  // initializer
        message.append(valueFields())
        return message
    }

    /// What stands before the weights.
    func nodeFields() throws(ModelFileError) -> ProtocolBuffer {
        guard !hasSparseInitializers else {
            throw .badNode(
                "the graph", path: "the model", reason: "has sparse weights, which are not written")
        }
        var fields = ProtocolBuffer()
        for node in nodes { fields.append(1, message: try node.message()) }  // node
        // A graph has to have a name.
        fields.append(2, string: name.isEmpty ? "graph" : name)  // name
        return fields
    }

    /// What stands behind the weights.
    func valueFields() -> ProtocolBuffer {
        var fields = ProtocolBuffer()
        for input in inputs { fields.append(11, message: input.message()) }  // input
        for output in outputs { fields.append(12, message: output.message()) }  // output
        return fields
    }
}

extension FileValue {
    /// `ValueInfoProto`.
    fileprivate func message() -> ProtocolBuffer {
        var message = ProtocolBuffer()
        message.append(1, string: name)
        guard type != nil || extents != nil else { return message }
        var tensor = ProtocolBuffer()
        tensor.append(1, integer: type?.rawValue ?? 0)  // elem_type
        if let extents { tensor.append(2, message: Self.shape(extents)) }  // shape
        var type = ProtocolBuffer()
        type.append(1, message: tensor)  // tensor_type
        message.append(2, message: type)
        return message
    }

    /// `TensorShapeProto`.
    private static func shape(_ extents: [Extent]) -> ProtocolBuffer {
        var shape = ProtocolBuffer()
        for extent in extents {
            var dimension = ProtocolBuffer()
            switch extent {
            case .fixed(let extent): dimension.append(1, presentInteger: extent)  // dim_value
            case .symbol(let name): dimension.append(2, string: name)  // dim_param
            case .unknown: break
            }
            shape.append(1, message: dimension)
        }
        return shape
    }
}
