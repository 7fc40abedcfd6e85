import ProtocolBuffers

extension FileNode {
    /// `NodeProto`.
    func message() throws(ModelFileError) -> ProtocolBuffer {
        var message = ProtocolBuffer()
        for input in inputs { message.append(1, presentString: input) }
        for output in outputs { message.append(2, presentString: output) }
        message.append(3, string: name)
        message.append(4, string: type)
        try message.append(5, attributes: attributes, of: label)
        message.append(7, string: domain)
        message.append(8, string: overload)
        message.append(9, texts: metadata)
        return message
    }
}

extension Attribute {
    /// `AttributeProto`.
    ///
    /// - Parameter owner: what errors call it.
    fileprivate func message(_ name: String, of owner: String) throws(ModelFileError) -> ProtocolBuffer {
        var message = ProtocolBuffer()
        message.append(1, string: name)
        let kind: Kind
        switch self {
        case .float(let value):
            message.append(2, presentFloat: value)
            kind = .float
        case .int(let value):
            message.append(3, presentInteger: value)
            kind = .int
        case .string(let value):
            message.append(4, presentString: value)
            kind = .string
        case .tensor(let value):
            message.append(5, message: try value.message())
            kind = .tensor
        case .graph(let value):
            message.append(6, message: try value.message())
            kind = .graph
        case .floats(let values):
            for value in values { message.append(7, presentFloat: value) }
            kind = .floats
        case .ints(let values):
            for value in values { message.append(8, presentInteger: value) }
            kind = .ints
        case .strings(let values):
            for value in values { message.append(9, presentString: value) }
            kind = .strings
        case .reference, .other:
            // Of a reference the type is not kept, and a file has to say it.
            throw .badNode(
                owner, path: "the model", reason: "has the attribute \(name), which is not written")
        }
        message.append(20, integer: kind.rawValue)
        return message
    }
}

extension ProtocolBuffer {
    /// In the order of their names, so that equal models are equal files.
    mutating func append(
        _ number: Int, attributes: [String: Attribute], of owner: String
    ) throws(ModelFileError) {
        for (name, attribute) in attributes.sorted(by: { $0.key < $1.key }) {
            append(number, message: try attribute.message(name, of: owner))
        }
    }

    /// `StringStringEntryProto`s.
    mutating func append(_ number: Int, texts: [String: String]) {
        for (key, value) in texts.sorted(by: { $0.key < $1.key }) {
            var entry = ProtocolBuffer()
            entry.append(1, presentString: key)
            entry.append(2, presentString: value)
            append(number, message: entry)
        }
    }

    /// `OperatorSetIdProto`s.
    mutating func append(_ number: Int, operatorSets: [String: Int]) {
        for (domain, version) in operatorSets.sorted(by: { $0.key < $1.key }) {
            var set = ProtocolBuffer()
            set.append(1, presentString: domain)
            set.append(2, presentInteger: version)
            append(number, message: set)
        }
    }
}
