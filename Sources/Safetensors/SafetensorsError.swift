import Files

/// Why a safetensors file was not written or not read, in one sentence.
public enum SafetensorsError: InputFileFailure, OutputFileFailure, Equatable {
    /// The system refused to open, write or rename a file.
    case unwritable(String, reason: String)
    /// A file that is not there.
    case fileMissing(String)
    /// A file that the system does not let us read.
    case unreadable(String, reason: String)
    /// Two tensors of one name, or a name that the format keeps for itself.
    case badName(String)
    /// A tensor whose bytes are not as many as its shape says.
    case wrongByteCount(String, expected: Int, found: Int)
    /// A shape with a negative extent, or too large to count.
    case badShape(String, [Int])
    /// A file that is not in the format; the reason says where it departs.
    case malformed(String, reason: String)
    /// A tensor that the file does not hold.
    case tensorMissing(String, path: String)
    /// A tensor of another element type than asked for.
    case typeMismatch(String, expected: String, found: String)
}

extension SafetensorsError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unwritable(let path, let reason):
            "cannot write \(path): \(reason)"
        case .fileMissing(let path):
            "there is no file \(path)"
        case .unreadable(let path, let reason):
            "cannot read \(path): \(reason)"
        case .badName(let name):
            "'\(name)' cannot name a tensor of this file: it is taken already"
        case .wrongByteCount(let name, let expected, let found):
            "tensor \(name) needs \(expected) bytes and was given \(found)"
        case .badShape(let name, let shape):
            "tensor \(name) has the impossible shape \(shape)"
        case .malformed(let path, let reason):
            "\(path) is not a valid safetensors file: \(reason)"
        case .tensorMissing(let name, let path):
            "\(path) holds no tensor \(name)"
        case .typeMismatch(let name, let expected, let found):
            "tensor \(name) is of type \(found), not \(expected)"
        }
    }
}
