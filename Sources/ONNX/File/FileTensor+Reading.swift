import Files
import ProtocolBuffers
import Tensors

extension FileTensor {
    /// Reads a `TensorProto`. Bytes of numbers stay where they are.
    ///
    /// - Parameter place: what errors call a tensor without a name.
    init(_ message: MessageReader, in source: ModelSource, at place: String = "without a name") throws {
        let fields = try TensorFields(message)
        let label = fields.name.isEmpty ? place : fields.name
        func bad(_ reason: String) -> ModelFileError { .badTensor(label, path: source.path, reason: reason) }
        guard let type = ElementType(rawValue: fields.type) else {
            throw bad("is of type \(fields.type), which is not known")
        }
        guard !fields.isPart else { throw bad("is stored in parts, which are not read") }
        guard let shape = Shape(dimensions: fields.dimensions, width: type.width ?? 1) else {
            throw bad("has the impossible shape \(fields.dimensions)")
        }
        self.init(fields.name, type: type, shape: shape, content: .unread)
        guard let width = type.width else { return }
        if fields.isExternal {
            let external = try ExternalData(fields.external, of: label, in: source)
            content = .bytes(try external.bytes(width * shape.count, of: label, in: source))
        } else if let raw = fields.raw {
            content = .bytes(MappedBytes(source.file, raw))
        } else {
            content = fields.numbers(of: type)
        }
        if let fault { throw bad(fault) }
    }
}

extension Shape {
    /// The shape of a file; `nil` where it has more axes than are counted here, or would take more bytes than can be.
    fileprivate init?(dimensions: [Int], width: Int) {
        guard dimensions.count <= Shape.greatestRank else { return nil }
        var bytes = width
        for extent in dimensions {
            // An extent of 0 counts as 1: the others are multiplied too.
            let (product, overflow) = bytes.multipliedReportingOverflow(by: max(1, extent))
            guard extent >= 0, !overflow else { return nil }
            bytes = product
        }
        self.init(axes: dimensions)
    }
}

/// A `TensorProto` as its fields come.
private struct TensorFields {
    var name = ""
    var type = 0
    var dimensions: [Int] = []
    var raw: Range<Int>?
    var floats: [Float] = []
    var doubles: [Double] = []
    var int32s: [Int] = []
    var int64s: [Int] = []
    var uint64s: [Int] = []
    var isExternal = false
    var external: [String: String] = [:]
    var isPart = false

    init(_ message: MessageReader) throws {
        var message = message
        while let field = try message.next() {
            switch field.number {
            case 1: try field.append(to: &dimensions)  // dims
            case 2: type = try field.integer()  // data_type
            case 3: isPart = true  // segment
            case 4: try field.append(to: &floats)  // float_data
            case 5: try field.append(to: &int32s)  // int32_data
            case 7: try field.append(to: &int64s)  // int64_data
            case 8: name = try field.string()  // name
            case 9: raw = try field.range()  // raw_data
            case 10: try field.append(to: &doubles)  // double_data
            case 11: try field.append(to: &uint64s)  // uint64_data
            case 13: external.insert(try TextEntry(try field.message()))  // external_data
            case 14: isExternal = try field.integer() == 1  // data_location = EXTERNAL
            default: break
            }
        }
    }

    /// What stands in the field of a type.
    func numbers(of type: ElementType) -> FileTensor.Content {
        switch type {
        case .float32: .float32(floats)
        case .float64: .reals(doubles)
        case .float16: .float32(int32s.map { HalfPrecision.float16.widened(UInt16(truncatingIfNeeded: $0)) })
        case .bfloat16:
            .float32(int32s.map { HalfPrecision.bfloat16.widened(UInt16(truncatingIfNeeded: $0)) })
        case .int64: .wholes(int64s)
        case .uint32, .uint64: .wholes(uint64s)
        case .int8, .uint8, .int16, .uint16, .int32, .bool: .wholes(int32s)
        default: .unread
        }
    }
}
