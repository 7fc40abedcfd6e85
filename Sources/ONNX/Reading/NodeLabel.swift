/// Where a node comes from, for people: the path of the module that it stands in. It decides nothing.
enum NodeLabel {
    /// The module's path; the node's name up to its last “/”; the name of what it makes.
    static func text(of node: FileNode) -> String {
        path(of: node) ?? folder(of: node.name) ?? node.outputs.first { !$0.isEmpty } ?? node.type
    }

    /// The last entry but one of the scopes that PyTorch's exporter writes down: the last is the node itself.
    static func path(of node: FileNode) -> String? {
        guard let scopes = node.metadata["pkg.torch.onnx.name_scopes"].map(entries), scopes.count > 1 else {
            return nil
        }
        let path = scopes[scopes.count - 2]
        return path.isEmpty ? nil : path
    }

    private static func folder(of name: String) -> String? {
        guard let slash = name.lastIndex(of: "/") else { return nil }
        let folder = name[..<slash].drop { $0 == "/" }
        return folder.isEmpty ? nil : String(folder)
    }

    /// Of a list as Python prints it: ['', 'layer1', 'layer1.0'].
    private static func entries(_ list: String) -> [String] {
        var (entries, open) = ([String](), String?.none)
        for character in list {
            if character == "'" {
                if let entry = open { entries.append(entry) }
                open = open == nil ? "" : nil
            } else {
                open?.append(character)
            }
        }
        return entries
    }
}
