import Files
import Tensors

/// A .npy file: a header, and the numbers behind it.
enum NPYFile {
    static let signature: [UInt8] = [0x93] + Array("NUMPY".utf8)

    /// The one array of a file, under the file's name.
    static func array(_ path: String) throws(ArrayError) -> NamedArray {
        let file = try InputFile<ArrayError>(path)
        let name = Path.name(of: path)
        return try array(
            try file.bytes(file.size, at: 0), name: name.hasSuffix(".npy") ? String(name.dropLast(4)) : name,
            path)
    }

    /// - Parameter bytes: of the whole file.
    static func array(_ bytes: [UInt8], name: String, _ path: String) throws(ArrayError) -> NamedArray {
        do throws(ArrayRefusal) {
            return try array(bytes, name: name)
        } catch {
            throw ArrayError(error, of: name, path)
        }
    }

    private static func array(_ bytes: [UInt8], name: String) throws(ArrayRefusal) -> NamedArray {
        let place = try headerPlace(in: bytes)
        let header = try NPYHeader(bytes[place])
        return try NamedArray(
            name, storedShape: header.shape, header.type, bytes[place.upperBound...],
            isFortranOrder: header.isFortranOrder)
    }

    /// Behind the signature stand the format's version and the header's length, in two bytes or in four.
    private static func headerPlace(in bytes: [UInt8]) throws(ArrayRefusal) -> Range<Int> {
        guard bytes.starts(with: signature) else { throw .malformed("does not begin as .npy files do") }
        guard bytes.count >= 10 else { throw .malformed("is cut short in its header") }
        let version = (bytes[6], bytes[7])
        guard (1...3).contains(version.0), version.1 == 0 else {
            throw .malformed(
                "is of version \(version.0).\(version.1) of the .npy format; 1.0 to 3.0 are read")
        }
        let start = version.0 == 1 ? 10 : 12
        guard bytes.count >= start else { throw .malformed("is cut short in its header") }
        let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= bytes.count - start else { throw .malformed("is cut short in its header") }
        return start..<(start + length)
    }
}
