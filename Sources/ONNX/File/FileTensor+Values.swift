import Files
import Tensors

#if _endian(big)
    #error("ONNX files are little-endian; a byte swap is missing for this machine")
#endif

extension FileTensor {
    /// The real numbers, widened or rounded to the nearest.
    ///
    /// Numbers that lie in the file as `Scalar` has them, at a place that is aligned for it, are not copied: the tensor
    /// borrows the mapped file.
    ///
    /// - Throws: `ModelFileError.wrongKind` of whole numbers, conditions and types that are not read; `badNumbers` of
    ///   a tensor that was made with numbers that do not fit its shape.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func values<Scalar: TensorScalar>(
        as scalar: Scalar.Type = Scalar.self
    ) throws(ModelFileError) -> Tensor<Scalar> {
        guard type.kind == .real else { throw .wrongKind(label, type: type, wanted: .real) }
        if let fault { throw .badNumbers(label, reason: fault) }
        switch content {
        case .bytes(let bytes):
            if let borrowed: Tensor<Scalar> = borrowed(bytes) { return borrowed }
            defer { bytes.release() }
            return copied(bytes)
        case .float32(let numbers): return filled { numbers[$0] }
        case .reals(let numbers): return Tensor(rounding: numbers, shape: shape)
        case .single(let tensor): return converted(tensor)
        case .double(let tensor): return converted(tensor)
        case .wholes, .unread: throw .badNumbers(label, reason: "has no real numbers")
        }
    }

    /// The whole numbers, or 0 and 1 of conditions.
    ///
    /// - Throws: `ModelFileError.wrongKind` of real numbers and types that are not read; `badNumbers` where one is
    ///   above 2^63 − 1, or of a tensor that was made with numbers that do not fit its shape.
    public func wholes() throws(ModelFileError) -> [Int] {
        guard type.kind == .whole || type.kind == .condition else {
            throw .wrongKind(label, type: type, wanted: .whole)
        }
        if let fault { throw .badNumbers(label, reason: fault) }
        let numbers: [Int]
        switch content {
        case .bytes(let bytes): numbers = bytes.withUnsafeBytes { wholes($0) }
        case .wholes(let wholes): numbers = wholes.map { type.wrapped($0) }
        case .single(let tensor): numbers = tensor.elements.map { $0 == 0 ? 0 : 1 }
        case .double(let tensor): numbers = tensor.elements.map { $0 == 0 ? 0 : 1 }
        case .float32, .reals, .unread: throw .badNumbers(label, reason: "has no whole numbers")
        }
        if type == .uint64, let large = numbers.first(where: { $0 < 0 }) {
            throw .badNumbers(
                label, reason: "holds \(UInt(bitPattern: large)), and whole numbers are read up to \(Int.max)"
            )
        }
        return numbers
    }

    var label: String { name.isEmpty ? "without a name" : name }
}

extension FileTensor {
    private func borrowed<Scalar: TensorScalar>(_ bytes: MappedBytes) -> Tensor<Scalar>? {
        let isStoredAsWanted =
            Scalar.self == Float.self && type == .float32 || Scalar.self == Double.self && type == .float64
        guard isStoredAsWanted else { return nil }
        return bytes.withUnsafeBytes { (numbers) -> Tensor<Scalar>? in
            guard let base = numbers.baseAddress,
                Int(bitPattern: base) % MemoryLayout<Scalar>.alignment == 0
            else { return nil }
            return Tensor(
                borrowing: base.assumingMemoryBound(to: Scalar.self), shape: shape, owner: bytes.file)
        }
    }

    @inline(__always)
    private func copied<Scalar: TensorScalar>(_ bytes: MappedBytes) -> Tensor<Scalar> {
        bytes.withUnsafeBytes { bytes in
            switch type {
            case .float16: filled { HalfPrecision.float16.widened(bytes.number($0)) }
            case .bfloat16: filled { HalfPrecision.bfloat16.widened(bytes.number($0)) }
            case .float64: filled { Double(bitPattern: bytes.number($0)) }
            default: filled { Float(bitPattern: bytes.number($0)) }
            }
        }
    }

    private func converted<Source: TensorScalar, Scalar: TensorScalar>(
        _ tensor: Tensor<Source>
    ) -> Tensor<Scalar> {
        if let same = tensor as? Tensor<Scalar> { return same.reshaped(shape) }
        let numbers = tensor.elements
        return filled { numbers[$0] }
    }

    @inline(__always)
    private func filled<Scalar: TensorScalar, Number: BinaryFloatingPoint>(
        _ number: (Int) -> Number
    ) -> Tensor<Scalar> {
        var tensor = Tensor<Scalar>(uninitialized: shape)
        tensor.withUnsafeMutableBufferPointer { target in
            for index in 0..<target.count { target[index] = Scalar(number(index)) }
        }
        return tensor
    }

    private func wholes(_ bytes: UnsafeRawBufferPointer) -> [Int] {
        func all<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type) -> [Int] {
            (0..<shape.count).map { Int(truncatingIfNeeded: bytes.number($0) as Number) }
        }
        return switch type {
        case .int8: all(Int8.self)
        case .uint8: all(UInt8.self)
        case .int16: all(Int16.self)
        case .uint16: all(UInt16.self)
        case .int32: all(Int32.self)
        case .uint32: all(UInt32.self)
        case .bool: bytes.map { $0 == 0 ? 0 : 1 }
        default: all(Int64.self)
        }
    }
}

extension ElementType {
    /// A whole number as this type holds it: its lowest bits. Fields of files are wider than the types that stand in
    /// them.
    func wrapped(_ number: Int) -> Int {
        switch self {
        case .int8: Int(Int8(truncatingIfNeeded: number))
        case .uint8: Int(UInt8(truncatingIfNeeded: number))
        case .int16: Int(Int16(truncatingIfNeeded: number))
        case .uint16: Int(UInt16(truncatingIfNeeded: number))
        case .int32: Int(Int32(truncatingIfNeeded: number))
        case .uint32: Int(UInt32(truncatingIfNeeded: number))
        case .bool: number == 0 ? 0 : 1
        default: number
        }
    }
}

extension UnsafeRawBufferPointer {
    /// The number at an index, wherever the bytes begin.
    @inline(__always)
    fileprivate func number<Number: FixedWidthInteger & BitwiseCopyable>(_ index: Int) -> Number {
        loadUnaligned(fromByteOffset: index * MemoryLayout<Number>.size, as: Number.self)
    }
}
