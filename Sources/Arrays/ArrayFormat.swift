import Archives
import Files

/// What format a file is in, told by its first bytes.
enum ArrayFormat {
    static func format(of path: String) throws(ArrayError) -> NamedArrays.Format {
        let file = try InputFile<ArrayError>(path)
        let start = try file.bytes(min(file.size, 64), at: 0)
        if start.starts(with: NPYFile.signature) { return .npy }
        if ZipArchive.begins(with: start) { return .npz }
        if path.hasSuffix(".safetensors") || isSafetensors(start, fileSize: file.size) { return .safetensors }
        throw .otherFormat(path, note: note(on: start))
    }

    /// A length that the file can have, and the beginning of an object.
    private static func isSafetensors(_ start: [UInt8], fileSize: Int) -> Bool {
        guard start.count > 8, start[8] == UInt8(ascii: "{") else { return false }
        return start[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) } <= UInt64(fileSize - 8)
    }

    /// What somebody may have taken for arrays.
    private static func note(on start: [UInt8]) -> String? {
        let signatures: [([UInt8], String)] = [
            ([0x1F, 0x8B], "is compressed by gzip; unpack it"),
            ([0x89, 0x48, 0x44, 0x46], "is an HDF5 file; save its arrays with numpy.savez"),
            ([0x89, 0x50, 0x4E, 0x47], "is a PNG image"),
            ([0xFF, 0xD8, 0xFF], "is a JPEG image"),
            (
                Array("version https://git-lfs".utf8),
                "is a pointer of Git LFS; fetch the file that it stands for"
            ),
        ]
        if start.isEmpty { return "is empty" }
        if let known = signatures.first(where: { start.starts(with: $0.0) }) { return known.1 }
        if start[0] == 0x80, start.count > 1, (2...5).contains(start[1]) {
            return "is a pickle, which could run any program; save its arrays with numpy.savez"
        }
        let isText = start.allSatisfy { (0x20..<0x7F).contains($0) || [0x09, 0x0A, 0x0D].contains($0) }
        return isText ? "is text; save arrays with numpy.savez" : nil
    }
}
