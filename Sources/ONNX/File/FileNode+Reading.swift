import ProtocolBuffers

extension FileNode {
    /// Reads a `NodeProto`.
    init(_ message: MessageReader, in source: ModelSource) throws {
        self.init("", inputs: [], outputs: [])
        // Attributes after all else: what is wrong with one is said with the node's name.
        var attributes: [MessageReader] = []
        var message = message
        while let field = try message.next() {
            switch field.number {
            case 1: inputs.append(try field.string())  // input
            case 2: outputs.append(try field.string())  // output
            case 3: name = try field.string()  // name
            case 4: type = try field.string()  // op_type
            case 5: attributes.append(try field.message())  // attribute
            case 7: domain = OperatorDomain.name(try field.string())  // domain
            case 8: overload = try field.string()  // overload
            case 9: metadata.insert(try TextEntry(try field.message()))  // metadata_props
            default: break
            }
        }
        guard !type.isEmpty else {
            throw ModelFileError.badNode(label, path: source.path, reason: "has no operator")
        }
        self.attributes = try Attribute.all(attributes, of: label, in: source)
    }

    /// What errors call it.
    var label: String {
        let named = name.isEmpty ? outputs.first ?? "" : name
        return named.isEmpty ? "a node" : "node \(named)"
    }
}
