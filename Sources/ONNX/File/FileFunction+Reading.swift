import ProtocolBuffers

extension FileFunction {
    /// Reads a `FunctionProto`.
    init(_ message: MessageReader, in source: ModelSource) throws {
        self.init(domain: "", name: "", inputs: [], outputs: [], nodes: [])
        var defaults: [MessageReader] = []
        var message = message
        while let field = try message.next() {
            switch field.number {
            case 1: name = try field.string()  // name
            case 4: inputs.append(try field.string())  // input
            case 5: outputs.append(try field.string())  // output
            case 6: attributes.append(try field.string())  // attribute
            case 7: nodes.append(try FileNode(try field.message(), in: source))  // node
            case 9: try operatorSets.insert(OperatorSet(try field.message()), in: source)  // opset_import
            case 10: domain = OperatorDomain.name(try field.string())  // domain
            case 11: defaults.append(try field.message())  // attribute_proto
            case 13: overload = try field.string()  // overload
            default: break
            }
        }
        guard !name.isEmpty else {
            throw ModelFileError.badNode("a function", path: source.path, reason: "has no name")
        }
        self.defaults = try Attribute.all(defaults, of: label, in: source)
    }

    /// What errors call it.
    var label: String { "function \(name)" }
}
