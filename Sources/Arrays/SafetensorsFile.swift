import Safetensors

/// The tensors of a .safetensors file, of all types but those of eight bits and fewer that are no integers.
enum SafetensorsFile {
    static func arrays(_ path: String) throws(ArrayError) -> [NamedArray] {
        do {
            let reader = try SafetensorsReader(path)
            return try reader.names.map { try array($0, in: reader, path) }
        } catch let error as ArrayError {
            throw error
        } catch let error as SafetensorsError {
            throw .safetensors(error)
        } catch {
            throw .unreadable(path, reason: "\(error)")
        }
    }

    private static func array(
        _ name: String, in reader: borrowing SafetensorsReader, _ path: String
    ) throws -> NamedArray {
        let word = reader.typeName(of: name) ?? ""
        guard let type = types[word] else {
            throw ArrayError.otherNumbers(name, path: path, note: "elements of type \(word); save float32")
        }
        let bytes = try reader.bytes(of: name)
        do throws(ArrayRefusal) {
            return try NamedArray(name, storedShape: reader.shape(of: name) ?? [], type, bytes[...])
        } catch {
            throw ArrayError(error, of: name, path)
        }
    }

    private static let types: [String: StoredType] = [
        "F64": StoredType(kind: .float, size: 8), "F32": StoredType(kind: .float, size: 4),
        "F16": StoredType(kind: .float, size: 2), "BF16": StoredType(kind: .bfloat, size: 2),
        "I64": StoredType(kind: .signed, size: 8), "I32": StoredType(kind: .signed, size: 4),
        "I16": StoredType(kind: .signed, size: 2), "I8": StoredType(kind: .signed, size: 1),
        "U64": StoredType(kind: .unsigned, size: 8), "U32": StoredType(kind: .unsigned, size: 4),
        "U16": StoredType(kind: .unsigned, size: 2), "U8": StoredType(kind: .unsigned, size: 1),
        "BOOL": StoredType(kind: .bool, size: 1),
    ]
}
