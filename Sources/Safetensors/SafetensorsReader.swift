import Files

/// Reads tensors from a safetensors file, which may come from a stranger: every
/// length and offset is checked against the file's size before memory is taken.
public struct SafetensorsReader: ~Copyable, Sendable {
    let file: InputFile<SafetensorsError>
    let header: SafetensorsHeader
    /// Where the elements begin, in bytes from the start of the file.
    let dataStart: Int

    /// Opens a file and reads and checks its header.
    public init(_ path: String) throws {
        let file = try InputFile<SafetensorsError>(path)
        let length = try Self.headerLength(file)
        let json = try file.bytes(length, at: 8)
        do throws(SafetensorsHeader.Malformed) {
            header = try SafetensorsHeader(json: json, dataLength: file.size - 8 - length)
        } catch {
            throw SafetensorsError.malformed(path, reason: error.reason)
        }
        dataStart = 8 + length
        self.file = file
    }

    /// The first eight bytes, checked against what can follow them.
    private static func headerLength(_ file: borrowing InputFile<SafetensorsError>) throws -> Int {
        guard file.size >= 8 else {
            throw SafetensorsError.malformed(file.path, reason: "\(file.size) bytes are too few for a header")
        }
        let length = try file.bytes(8, at: 0).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(min(file.size - 8, SafetensorsWriter.maximumHeaderLength)) else {
            throw SafetensorsError.malformed(
                file.path, reason: "its header claims \(length) bytes and the file has \(file.size)")
        }
        return Int(length)
    }

    /// The names of all tensors, sorted.
    public var names: [String] { header.entries.keys.sorted() }

    /// The strings under `__metadata__`.
    public var metadata: [String: String] { header.metadata }

    /// The extents of a tensor, nil if there is none of that name.
    public func shape(of name: String) -> [Int]? { header.entries[name]?.shape }

    /// The format's name for the element type of a tensor (a `SafetensorsType`, or one
    /// that is not read here), nil if there is none of that name.
    public func typeName(of name: String) -> String? { header.entries[name]?.type }

    /// The elements of a tensor, row-major, if they are stored as this type.
    public func elements<Scalar: SafetensorsScalar>(
        _ name: String, as type: Scalar.Type = Scalar.self
    ) throws -> [Scalar] {
        try bits(of: name, storedAs: Scalar.safetensorsType, zero: Scalar())
    }

    /// The elements of a tensor of any `SafetensorsType.floating`, row-major, widened or rounded to this type.
    ///
    /// - Throws: `SafetensorsError.tensorMissing`, or `.typeMismatch` for integers and types that are not known.
    public func numbers<Number: BinaryFloatingPoint>(
        _ name: String, as type: Number.Type = Number.self
    ) throws -> [Number] {
        switch typeName(of: name).flatMap(SafetensorsType.init(rawValue:)) {
        case .float64?: return converted(try elements(name, as: Double.self))
        case .float16?:
            let stored = try bits(of: name, storedAs: .float16, zero: UInt16())
            return stored.map { Number(Float16(bitPattern: $0)) }
        case .bfloat16?:
            let stored = try bits(of: name, storedAs: .bfloat16, zero: UInt16())
            return stored.map { Number(Float(bitPattern: UInt32($0) << 16)) }
        case .float32?, .int64?, nil: return converted(try elements(name, as: Float.self))
        }
    }

    /// Without a copy where nothing changes.
    private func converted<Stored: BinaryFloatingPoint, Number: BinaryFloatingPoint>(
        _ stored: [Stored]
    ) -> [Number] { stored as? [Number] ?? stored.map { Number($0) } }

    private func bits<Bits: BitwiseCopyable>(
        of name: String, storedAs type: SafetensorsType, zero: Bits
    ) throws -> [Bits] {
        guard let entry = header.entries[name] else {
            throw SafetensorsError.tensorMissing(name, path: file.path)
        }
        guard entry.type == type.rawValue else {
            throw SafetensorsError.typeMismatch(name, expected: type.rawValue, found: entry.type)
        }
        var elements = [Bits](repeating: zero, count: entry.bytes.count / MemoryLayout<Bits>.stride)
        try elements.withUnsafeMutableBytes {
            try file.read(into: $0, at: dataStart + entry.bytes.lowerBound)
        }
        return elements
    }
}
