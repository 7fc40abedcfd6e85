/// The header of a .npy file (numpy's format 1.0, 2.0 and 3.0): a literal of Python's, of which exactly what numpy writes
/// is read.
struct NPYHeader: Equatable {
    let type: StoredType
    /// Whether the first index runs fastest.
    let isFortranOrder: Bool
    let shape: [Int]

    /// - Parameter text: {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }, and white space.
    init(_ text: ArraySlice<UInt8>) throws(ArrayRefusal) {
        let unreadable = ArrayRefusal.malformed("has a header that is none of numpy's")
        var scan = LiteralScan(text)
        var (type, isFortranOrder, shape) = (StoredType?.none, Bool?.none, [Int]?.none)
        guard scan.take("{") else { throw unreadable }
        while !scan.take("}") {
            guard let key = scan.string(), scan.take(":") else { throw unreadable }
            switch key {
            case "descr" where type == nil:
                guard !scan.take("[") else {
                    throw .otherNumbers("records of several fields; save each as an array")
                }
                guard let word = scan.string() else { throw unreadable }
                type = try Self.type(word)
            case "fortran_order" where isFortranOrder == nil: isFortranOrder = scan.condition()
            case "shape" where shape == nil: shape = scan.tuple()
            default: throw unreadable
            }
            guard scan.take(",") || scan.isAt("}") else { throw unreadable }
        }
        guard scan.isAtEnd, let type, let isFortranOrder, let shape else { throw unreadable }
        (self.type, self.isFortranOrder, self.shape) = (type, isFortranOrder, shape)
    }

    /// A type as numpy writes it: order of the bytes, kind, bytes of an element.
    private static func type(_ word: String) throws(ArrayRefusal) -> StoredType {
        guard let order = word.first, "<>=|".contains(order), let kind = word.dropFirst().first else {
            throw .malformed("has elements of the type “\(word)”, which is none of numpy's")
        }
        let digits = word.dropFirst(2)
        // “+4” and “04” are 4 too, but nothing that numpy writes.
        let size = Int(digits).flatMap { "\($0)" == digits ? $0 : nil } ?? 0
        let isBig = order == ">"
        switch (kind, size) {
        case ("f", 2), ("f", 4), ("f", 8): return StoredType(kind: .float, size: size, isBigEndian: isBig)
        case ("i", 1), ("i", 2), ("i", 4), ("i", 8):
            return StoredType(kind: .signed, size: size, isBigEndian: isBig)
        case ("u", 1), ("u", 2), ("u", 4), ("u", 8):
            return StoredType(kind: .unsigned, size: size, isBigEndian: isBig)
        case ("b", 1): return StoredType(kind: .bool, size: size)
        case ("O", _): throw .otherNumbers("Python objects; save numbers")
        case ("U", _), ("S", _), ("a", _): throw .otherNumbers("text; save numbers")
        case ("c", _): throw .otherNumbers("complex numbers; save real ones")
        case ("m", _), ("M", _): throw .otherNumbers("dates or times; save numbers")
        case ("V", _):
            throw .otherNumbers("bytes of a type that numpy does not have, as bfloat16; save float32")
        case ("f", 9...16): throw .otherNumbers("floats of \(size) bytes; save float64")
        default: throw .malformed("has elements of the type “\(word)”, which is none of numpy's")
        }
    }
}
