import Files
import ProtocolBuffers
import Tensors

extension FileTensor {
    /// `TensorProto`, numbers included.
    func message() throws(ModelFileError) -> ProtocolBuffer {
        var message = try fieldsBeforeRawData().fields
        try withRawData { (bytes) throws(ModelFileError) in message.append(content: bytes) }
        return message
    }

    /// All of a `TensorProto` but the numbers, and how many bytes of these follow.
    ///
    /// - Throws: `ModelFileError.badNumbers` of a type that is not read, and of numbers that do not fit type and shape.
    func fieldsBeforeRawData() throws(ModelFileError) -> (fields: ProtocolBuffer, count: Int) {
        guard let width = type.width else {
            throw .badNumbers(label, reason: "is of type \(type), which is not written")
        }
        if let fault { throw .badNumbers(label, reason: fault) }
        var fields = ProtocolBuffer()
        for extent in shape.axes { fields.append(1, presentInteger: extent) }  // dims
        fields.append(2, integer: type.rawValue)  // data_type
        fields.append(8, string: name)  // name
        fields.appendLength(9, of: width * shape.count)  // raw_data
        return (fields, width * shape.count)
    }

    /// Lends the numbers as `raw_data` has them.
    func withRawData(
        _ body: (UnsafeRawBufferPointer) throws(ModelFileError) -> Void
    ) throws(ModelFileError) {
        switch content {
        case .bytes(let bytes):
            try bytes.withUnsafeBytes(body)
            bytes.release()
        case .float32(let numbers) where type == .float32: try numbers.lend(body)
        case .float32(let numbers): try numbers.lend(as: type, body)
        case .reals(let numbers): try numbers.lend(as: type, body)
        case .single(let tensor) where type == .float32: try tensor.lend(body)
        case .single(let tensor): try tensor.elements.lend(as: type, body)
        case .double(let tensor) where type == .float64: try tensor.lend(body)
        case .double(let tensor): try tensor.elements.lend(as: type, body)
        case .wholes(let numbers): try lend(numbers, body)
        case .unread: break
        }
    }

    private func lend(
        _ numbers: [Int], _ body: (UnsafeRawBufferPointer) throws(ModelFileError) -> Void
    ) throws(ModelFileError) {
        if let number = numbers.first(where: { type.wrapped($0) != $0 }) {
            throw .badNumbers(label, reason: "of type \(type) cannot hold \(number)")
        }
        switch type.width {
        case 1: try numbers.map { UInt8(truncatingIfNeeded: $0) }.lend(body)
        case 2: try numbers.map { UInt16(truncatingIfNeeded: $0) }.lend(body)
        case 4: try numbers.map { UInt32(truncatingIfNeeded: $0) }.lend(body)
        default: try numbers.lend(body)
        }
    }
}

extension Array where Element: BitwiseCopyable {
    /// The elements as they lie in memory.
    func lend<Failure: Error>(_ body: (UnsafeRawBufferPointer) throws(Failure) -> Void) throws(Failure) {
        try withUnsafeBufferPointer { (elements) throws(Failure) in
            try body(UnsafeRawBufferPointer(elements))
        }
    }
}

extension Array where Element: BinaryFloatingPoint & BitwiseCopyable {
    /// The elements in a type of real numbers, each rounded to the nearest, or as conditions.
    fileprivate func lend<Failure: Error>(
        as type: ElementType, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        switch type {
        case .float16: try map { HalfPrecision.float16.rounded(Double($0)) }.lend(body)
        case .bfloat16: try map { HalfPrecision.bfloat16.rounded(Double($0)) }.lend(body)
        case .float32: try map { Float($0) }.lend(body)
        case .bool: try map { $0 == 0 ? UInt8(0) : 1 }.lend(body)
        default: try map { Double($0) }.lend(body)
        }
    }
}

extension Tensor {
    /// The elements as they lie in memory, row by row.
    fileprivate func lend<Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        guard block == 1 else { return try elements.lend(body) }
        try withUnsafeBufferPointer { numbers in
            Result { () throws(Failure) in try body(UnsafeRawBufferPointer(numbers)) }
        }.get()
    }
}
