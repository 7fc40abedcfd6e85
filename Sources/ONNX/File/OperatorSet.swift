import ProtocolBuffers

/// A set of operators that a model or function uses, and its version: `OperatorSetIdProto`.
struct OperatorSet {
    /// “” of ONNX itself.
    private(set) var domain = ""
    private(set) var version = 0

    init(_ message: MessageReader) throws {
        var message = message
        while let field = try message.next() {
            switch field.number {
            case 1: domain = OperatorDomain.name(try field.string())
            case 2: version = try field.integer()
            default: break
            }
        }
    }
}

/// Domains of operators.
enum OperatorDomain {
    /// ONNX's own has two names, of which the empty one is kept.
    static func name(_ domain: String) -> String { domain == "ai.onnx" ? "" : domain }
}

extension [String: Int] {
    /// - Throws: `ModelFileError.malformed` where another version of the set is named already.
    mutating func insert(_ set: OperatorSet, in source: ModelSource) throws(ModelFileError) {
        if let other = self[set.domain], other != set.version {
            throw .malformed(
                source.path,
                reason: "it names versions \(other) and \(set.version) of the operators of "
                    + (set.domain.isEmpty ? "ONNX" : set.domain))
        }
        self[set.domain] = set.version
    }
}
