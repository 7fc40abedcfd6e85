import ProtocolBuffers

extension Attribute {
    /// Reads the attributes of a node, or those of a function that have defaults.
    ///
    /// - Parameter owner: what errors call it.
    static func all(
        _ messages: [MessageReader], of owner: String, in source: ModelSource
    ) throws -> [String: Attribute] {
        var attributes: [String: Attribute] = [:]
        for message in messages {
            let fields = try AttributeFields(message)
            guard !fields.name.isEmpty else {
                throw ModelFileError.badNode(
                    owner, path: source.path, reason: "has an attribute without a name")
            }
            let attribute = try Attribute(fields, of: owner, in: source)
            guard attributes.updateValue(attribute, forKey: fields.name) == nil else {
                throw ModelFileError.badNode(
                    owner, path: source.path, reason: "has two attributes \(fields.name)")
            }
        }
        return attributes
    }

    private init(_ fields: AttributeFields, of owner: String, in source: ModelSource) throws {
        func message(_ message: MessageReader?) throws(ModelFileError) -> MessageReader {
            guard let message else {
                throw .badNode(
                    owner, path: source.path, reason: "has no value of its attribute \(fields.name)")
            }
            return message
        }
        guard fields.reference.isEmpty else {
            self = .reference(fields.reference)
            return
        }
        switch fields.kind {
        // Numbers of 0 and what is empty need not be written.
        case .float: self = .float(fields.float)
        case .int: self = .int(fields.int)
        case .string: self = .string(fields.string)
        case .tensor:
            let place = "\(fields.name) of \(owner)"
            self = .tensor(try FileTensor(try message(fields.tensor), in: source, at: place))
        case .graph: self = .graph(try FileGraph(try message(fields.graph), in: source))
        case .floats: self = .floats(fields.floats)
        case .ints: self = .ints(fields.ints)
        case .strings: self = .strings(fields.strings)
        case nil: self = .other
        }
    }

    /// AttributeProto.AttributeType of what is read, with the numbers of onnx.proto.
    enum Kind: Int {
        case float = 1
        case int = 2
        case string = 3
        case tensor = 4
        case graph = 5
        case floats = 6
        case ints = 7
        case strings = 8
    }
}

/// An `AttributeProto` as its fields come.
private struct AttributeFields {
    var name = ""
    var reference = ""
    var float: Float = 0
    var int = 0
    var string = ""
    var tensor: MessageReader?
    var graph: MessageReader?
    var floats: [Float] = []
    var ints: [Int] = []
    var strings: [String] = []
    private var type = 0
    /// Of the value that is there: early files say no type.
    private var found: Attribute.Kind?

    var kind: Attribute.Kind? { type == 0 ? found : Attribute.Kind(rawValue: type) }

    init(_ message: MessageReader) throws {
        var message = message
        while let field = try message.next() {
            switch field.number {
            case 1: name = try field.string()  // name
            case 2: (float, found) = (try field.float(), .float)  // f
            case 3: (int, found) = (try field.integer(), .int)  // i
            case 4: (string, found) = (try field.repairedString(), .string)  // s
            case 5: (tensor, found) = (try field.message(), .tensor)  // t
            case 6: (graph, found) = (try field.message(), .graph)  // g
            case 7:
                try field.append(to: &floats)  // floats
                found = .floats
            case 8:
                try field.append(to: &ints)  // ints
                found = .ints
            case 9:
                strings.append(try field.repairedString())  // strings
                found = .strings
            case 20: type = try field.integer()  // type
            case 21: reference = try field.string()  // ref_attr_name
            default: break
            }
        }
    }
}
