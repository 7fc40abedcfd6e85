import Files

/// Where a tensor lies in a file of weights: what stands in `external_data`.
struct ExternalData {
    /// Of the file, from the model's folder on.
    let location: String
    let offset: Int
    /// Bytes; `nil` where the tensor's shape says it.
    let length: Int?

    init(_ entries: [String: String], of tensor: String, in source: ModelSource) throws(ModelFileError) {
        func number(_ key: String) throws(ModelFileError) -> Int? {
            guard let text = entries[key] else { return nil }
            guard let number = Int(text), number >= 0 else {
                throw .badTensor(tensor, path: source.path, reason: "has the \(key) '\(text)'")
            }
            return number
        }
        guard let location = entries["location"] else {
            throw .badTensor(tensor, path: source.path, reason: "is in another file, whose name is not said")
        }
        self.location = location
        offset = try number("offset") ?? 0
        length = try number("length")
    }

    /// The bytes, which are only mapped.
    func bytes(_ wanted: Int, of tensor: String, in source: ModelSource) throws(ModelFileError) -> MappedBytes
    {
        let file = try source.externalFile(location, of: tensor)
        let count = length ?? wanted
        guard offset <= file.size, count <= file.size - offset else {
            throw .badTensor(
                tensor, path: source.path,
                reason:
                    "has \(count) bytes from byte \(offset) on of \(location), which ends at byte \(file.size)"
            )
        }
        return MappedBytes(file, offset..<offset + count)
    }
}
