import Files

/// Why an ONNX file was not read or written, in one sentence.
public enum ModelFileError: InputFileFailure, OutputFileFailure, Equatable {
    /// A file that is not there.
    case fileMissing(String)
    /// A file that the system does not let us read.
    case unreadable(String, reason: String)
    /// The system refused to open, write or rename a file.
    case unwritable(String, reason: String)
    /// A file in another format; the words say which, and perhaps the way out.
    case notAModel(String, words: String)
    /// A file that departs from the format; the reason says where.
    case malformed(String, reason: String)
    /// A model of an IR version that is not read.
    case unsupportedVersion(String, Int)
    /// A tensor whose type, shape and bytes do not fit together.
    case badTensor(String, path: String, reason: String)
    /// A node or function that departs from the format.
    case badNode(String, path: String, reason: String)
    /// A file of weights that is not there.
    case externalDataMissing(String)
    /// A tensor of text, of complex numbers, or of the formats of quantised networks.
    case unsupportedType(String, ElementType)
    /// A tensor whose numbers are not of the kind that is asked for.
    case wrongKind(String, type: ElementType, wanted: ElementType.Kind)
    /// A tensor that was made with numbers that its type or shape cannot have, or that 64-bit whole numbers cannot.
    case badNumbers(String, reason: String)
    /// A model that is larger than a protocol buffer can be.
    case tooLarge(String, bytes: Int)
}

extension ModelFileError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .fileMissing(let path): "there is no file \(path)"
        case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
        case .unwritable(let path, let reason): "cannot write \(path): \(reason)"
        case .notAModel(let path, let words): "\(path) is not an ONNX file: \(words)"
        case .malformed(let path, let reason): "\(path) is not a valid ONNX file: \(reason)"
        case .unsupportedVersion(let path, let version):
            "\(path) is of ONNX's IR version \(version), and versions \(ModelFile.readVersions.lowerBound) to "
                + "\(ModelFile.readVersions.upperBound) are read"
        case .badTensor(let name, let path, let reason): "tensor \(name) of \(path) \(reason)"
        case .badNode(let name, let path, let reason): "\(name) of \(path) \(reason)"
        case .externalDataMissing(let location):
            "the file's weights are in \(location), which is not beside it"
        case .unsupportedType(let name, let type):
            "tensor \(name) is of type \(type), which is not supported: \(ElementType.supported)"
        case .wrongKind(let name, let type, let wanted):
            "tensor \(name) is of type \(type), and \(wanted.numbers) are wanted"
        case .badNumbers(let name, let reason): "tensor \(name) \(reason)"
        case .tooLarge(let path, let bytes):
            "\(path) would have \(bytes) bytes, and an ONNX file has at most \(ModelFile.greatestSize)"
        }
    }
}

extension ElementType.Kind {
    fileprivate var numbers: String {
        switch self {
        case .real: "real numbers"
        case .whole, .condition: "whole numbers"
        case .unsupported: "other values"
        }
    }
}
