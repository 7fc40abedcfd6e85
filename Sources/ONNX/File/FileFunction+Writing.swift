import ProtocolBuffers

extension FileFunction {
    /// `FunctionProto`.
    func message() throws(ModelFileError) -> ProtocolBuffer {
        var message = ProtocolBuffer()
        message.append(1, string: name)
        for input in inputs { message.append(4, presentString: input) }
        for output in outputs { message.append(5, presentString: output) }
        for attribute in attributes { message.append(6, presentString: attribute) }
        for node in nodes { message.append(7, message: try node.message()) }
        message.append(9, operatorSets: operatorSets)  // opset_import
        message.append(10, string: domain)
        try message.append(11, attributes: defaults, of: label)  // attribute_proto
        message.append(13, string: overload)
        return message
    }
}
