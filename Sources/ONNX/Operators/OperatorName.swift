/// An operator as files name it.
struct OperatorName: Hashable, Sendable, CustomStringConvertible {
    /// “” of ONNX itself.
    let domain: String
    let type: String

    init(_ type: String, domain: String = "") {
        self.domain = domain
        self.type = type
    }

    var description: String { (domain.isEmpty ? "ai.onnx" : domain) + "." + type }
}

extension FileNode {
    var operatorName: OperatorName { OperatorName(type, domain: domain) }

    /// What people know it by: its name, or that of the first value that it makes.
    var title: String { name.isEmpty ? outputs.first { !$0.isEmpty } ?? "without name" : name }
}
