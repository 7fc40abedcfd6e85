import Files

/// Writes safetensors files (the format of Hugging Face's library of that name, 0.4
/// and later): a length, a JSON header, and the elements.
public enum SafetensorsWriter {
    /// The largest header that the reference implementation reads.
    static let maximumHeaderLength = 100_000_000

    /// Writes the tensors, and `metadata` under `__metadata__`, to `path`.
    ///
    /// The order of the file depends on names and types alone: wider elements first,
    /// so that everything stays aligned without gaps, then by name. The file appears
    /// under its name only when it is complete.
    ///
    /// - Parameter observe: is shown all bytes of the file in their order, such as for a checksum.
    public static func write(
        _ tensors: [SafetensorsTensor], metadata: [String: String] = [:], to path: String,
        observe: @escaping (UnsafeRawBufferPointer) -> Void = { _ in }
    ) throws {
        let ordered = tensors.sorted { ($1.type.size, $0.name) < ($0.type.size, $1.name) }
        let header = try header(ordered, metadata)
        let file = try OutputFile<SafetensorsError>(path)
        var length = UInt64(header.count).littleEndian
        let write = { (bytes: UnsafeRawBufferPointer) throws in
            try file.append(bytes)
            observe(bytes)
        }
        try withUnsafeBytes(of: &length, write)
        try header.withUnsafeBytes(write)
        for tensor in ordered { try append(tensor, to: file, write) }
        try file.publish()
    }

    private static func append(
        _ tensor: SafetensorsTensor, to file: OutputFile<SafetensorsError>,
        _ write: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let expected = try tensor.byteCount()
        let start = file.offset
        try tensor.stream { bytes in
            // Refused before it is written: a runaway stream must not fill the disk.
            let total = file.offset - start + bytes.count
            guard total <= expected else {
                throw SafetensorsError.wrongByteCount(tensor.name, expected: expected, found: total)
            }
            try write(bytes)
        }
        let found = file.offset - start
        guard found == expected else {
            throw SafetensorsError.wrongByteCount(tensor.name, expected: expected, found: found)
        }
    }

    private static func header(
        _ tensors: [SafetensorsTensor], _ metadata: [String: String]
    ) throws(SafetensorsError) -> [UInt8] {
        var entries: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }
                .map { JSONText.string($0.key) + ":" + JSONText.string($0.value) }
            entries.append("\"__metadata__\":{" + pairs.joined(separator: ",") + "}")
        }
        var names: Set<String> = ["__metadata__"]
        var offset = 0
        for tensor in tensors {
            guard names.insert(tensor.name).inserted else { throw .badName(tensor.name) }
            let (end, overflow) = offset.addingReportingOverflow(try tensor.byteCount())
            guard !overflow else { throw .badShape(tensor.name, tensor.shape) }
            entries.append(
                JSONText.string(tensor.name) + ":{\"dtype\":\"\(tensor.type.rawValue)\",\"shape\":"
                    + JSONText.array(tensor.shape) + ",\"data_offsets\":[\(offset),\(end)]}")
            offset = end
        }
        var bytes = Array(("{" + entries.joined(separator: ",") + "}").utf8)
        // The format allows trailing spaces; they align the elements to 8 bytes.
        while bytes.count % 8 != 0 { bytes.append(UInt8(ascii: " ")) }
        return bytes
    }
}
