import ProtocolBuffers

extension FileGraph {
    /// Reads a `GraphProto`.
    init(_ message: MessageReader, in source: ModelSource) throws {
        self.init(nodes: [], inputs: [], outputs: [])
        var names: Set<String> = []
        var message = message
        while let field = try message.next() {
            switch field.number {
            case 1: nodes.append(try FileNode(try field.message(), in: source))  // node
            case 2: name = try field.string()  // name
            case 5:
                let tensor = try FileTensor(try field.message(), in: source)  // initializer
                guard names.insert(tensor.name).inserted else {
                    throw ModelFileError.badTensor(
                        tensor.label, path: source.path, reason: "is there twice")
                }
                initializers.append(tensor)
            case 11: inputs.append(try FileValue(try field.message()))  // input
            case 12: outputs.append(try FileValue(try field.message()))  // output
            case 15: hasSparseInitializers = true  // sparse_initializer
            default: break
            }
        }
        // Until IR version 3 every initialiser was an input too, and some exporters still write them so.
        inputs.removeAll { names.contains($0.name) }
    }
}

extension FileValue {
    /// Reads a `ValueInfoProto`.
    init(_ message: MessageReader) throws {
        self.init("", type: nil, extents: nil)
        var message = message
        while let field = try message.next() {
            switch field.number {
            case 1: name = try field.string()  // name
            case 2: try read(type: try field.message())  // type
            default: break
            }
        }
    }

    /// `TypeProto`. Of sequences, maps and optionals nothing is kept.
    private mutating func read(type message: MessageReader) throws {
        var message = message
        while let field = try message.next() {
            if field.number == 1 { try read(tensor: try field.message()) }  // tensor_type
        }
    }

    /// `TypeProto.Tensor`.
    private mutating func read(tensor message: MessageReader) throws {
        var message = message
        while let field = try message.next() {
            switch field.number {
            case 1: type = ElementType(rawValue: try field.integer())  // elem_type
            case 2: extents = try Self.extents(try field.message())  // shape
            default: break
            }
        }
    }

    /// `TensorShapeProto`.
    private static func extents(_ message: MessageReader) throws -> [Extent] {
        var extents: [Extent] = []
        var message = message
        while let field = try message.next() {
            if field.number == 1 { extents.append(try Extent(try field.message())) }  // dim
        }
        return extents
    }
}

extension FileValue.Extent {
    /// Reads a `Dimension`. Negative extents, which some exporters write, say nothing.
    fileprivate init(_ message: MessageReader) throws {
        self = .unknown
        var message = message
        while let field = try message.next() {
            switch field.number {
            case 1:
                let extent = try field.integer()  // dim_value
                self = extent < 0 ? .unknown : .fixed(extent)
            case 2:
                let name = try field.string()  // dim_param
                self = name.isEmpty ? .unknown : .symbol(name)
            default: break
            }
        }
    }
}
