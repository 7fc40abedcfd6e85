extension SafetensorsReader {
    /// The bytes of a tensor of any type, row-major, little-endian. For the types of `SafetensorsType` as many as the shape
    /// asks for; for others as many as the file says.
    public func bytes(of name: String) throws(SafetensorsError) -> [UInt8] {
        guard let entry = header.entries[name] else { throw .tensorMissing(name, path: file.path) }
        return try file.bytes(entry.bytes.count, at: dataStart + entry.bytes.lowerBound)
    }
}
